"""What can go wrong between Home Assistant and the services around it."""


class VoiceRagError(Exception):
    """Base of all errors of this integration."""


class KnowledgeError(VoiceRagError):
    """The knowledge service did not do what was asked."""


class KnowledgeConnectionError(KnowledgeError):
    """The knowledge service cannot be reached or does not answer in time."""


class KnowledgeAuthError(KnowledgeError):
    """The knowledge service does not accept the token."""


class KnowledgeResponseError(KnowledgeError):
    """The knowledge service answered with an error, or with something else than agreed."""


class SpeechError(VoiceRagError):
    """The speech server did not take the vocabulary."""


class WebSearchError(VoiceRagError):
    """The search server did not answer."""


class FactsFullError(VoiceRagError):
    """As many facts are remembered as may be."""

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} facts are remembered already; one has to be forgotten first")


class OllamaError(VoiceRagError):
    """Ollama did not answer."""


class OllamaConnectionError(OllamaError):
    """Ollama cannot be reached, is too slow, or closed the connection in mid-answer."""


class OllamaResponseError(OllamaError):
    """Ollama answered with an error, or with something that is not its protocol."""


class OllamaModelMissingError(OllamaError):
    """Ollama runs but does not have the model."""

    def __init__(self, model: str) -> None:
        super().__init__(f"Ollama has no model {model}; run: ollama pull {model}")


class OllamaPausedError(OllamaError):
    """No model is asked for a moment, because none answered a moment ago."""

    def __init__(self) -> None:
        super().__init__("The language model did not answer a moment ago; it is asked again soon")
