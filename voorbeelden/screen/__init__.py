"""What the pages share: texts, presets, checks of input, and HTML made of snapshots.

Everything that comes from a model or an editor is escaped here, and only here, before it becomes
part of a page; nothing of it is ever rendered as markdown.
"""

from __future__ import annotations
