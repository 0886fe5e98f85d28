"""Whether the language model that a person named can be used."""

from __future__ import annotations

from aiohttp import ClientError, ClientSession, ClientTimeout

from demo.errors import reason

TIMEOUT = ClientTimeout(total=5)


async def reason_not_to_use(session: ClientSession, url: str, model: str) -> str | None:
    """Return why an Ollama server cannot answer with a model, or None when it can."""
    try:
        async with session.get(f"{url}/api/tags", timeout=TIMEOUT) as response:
            response.raise_for_status()
            tags = await response.json()
    except (ClientError, TimeoutError, ValueError) as err:
        return f"Ollama at {url} does not answer ({reason(err)})"
    installed = {row["name"] for row in tags.get("models", [])}
    if not {model, f"{model}:latest"} & installed:
        return f"Ollama at {url} does not have the model {model} (get it with: ollama pull {model})"
    return None
