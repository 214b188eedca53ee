"""Definitions held against rules: what a good definition asks, and who can decide it.

``check_definition`` states facts and asks questions in milliseconds, while someone types;
``rules_for_model`` gives the rules that take judgement.
"""

from __future__ import annotations

from voorbeelden.definition.checks import check_definition, rules_for_model, warm_up
from voorbeelden.definition.model import Rule, RuleFinding, RuleGroup, RuleKind, Verdict
from voorbeelden.definition.rules import RuleFileError, load_rules

__all__ = [
    "Rule",
    "RuleFileError",
    "RuleFinding",
    "RuleGroup",
    "RuleKind",
    "Verdict",
    "check_definition",
    "load_rules",
    "rules_for_model",
    "warm_up",
]
