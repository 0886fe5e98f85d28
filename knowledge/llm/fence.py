"""Text of documents made harmless before a model reads it. Pure.

Quoting in JSON keeps it inside its string; what that cannot keep in are the control tokens of chat templates, which
Ollama takes for such wherever they stand.
"""

from __future__ import annotations

import re
import unicodedata

_ROLE_TOKENS = r"\|[^<>|]{0,40}\||/?(?:think|tool_calls?|tool_response|tools|s|start_of_turn|end_of_turn)"
_TEMPLATE_TOKEN = re.compile(rf"<\s*({_ROLE_TOKENS})\s*>|\[(/?(?:INST|TOOL_\w+|AVAILABLE_TOOLS))\]", re.IGNORECASE)


def defused(text: str) -> str:
    """Return the text without invisible characters, and with template tokens in round brackets."""
    visible = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf"))
    return _TEMPLATE_TOKEN.sub(lambda match: f"({match[1] or match[2]})", visible)
