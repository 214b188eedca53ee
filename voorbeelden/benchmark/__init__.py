"""Measures the plans of calls next to each other, and says no more than was measured.

``engine.py`` runs, ``statistics.py`` counts, ``record.py`` writes down, ``history.py`` keeps,
``job.py`` lets a page start, watch and stop. Everything that leaves is data of ``model.py``;
``voorbeelden/screen/bench_*.py`` puts it into Dutch words and pictures.
"""

from __future__ import annotations
