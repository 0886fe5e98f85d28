"""Names and defaults of the Voice RAG integration."""

from datetime import timedelta

DOMAIN = "voice_rag"

CONF_APP = "app"
"""The slug of the app that announced itself: its page is in Home Assistant's own frontend."""
CONF_CONTEXT_TOKENS = "num_ctx"
CONF_CONTROL_APIS = "llm_hass_api"
"""As other agents call it: the ids of Home Assistant's LLM APIs."""
CONF_FALLBACK_MODEL = "fallback_model"
CONF_FALLBACK_URL = "fallback_url"
CONF_INSTRUCTIONS = "prompt"
CONF_OLLAMA_MODEL = "ollama_model"
CONF_OLLAMA_URL = "ollama_url"
CONF_SEARXNG_URL = "searxng_url"
CONF_SPEECH_URL = "speech_url"
CONF_THINKING = "think"

SUBENTRY_AI_TASK = "ai_task_data"
SUBENTRY_CONVERSATION = "conversation"

DEFAULT_AGENT_NAME = "Voice RAG"
DEFAULT_AI_TASK_NAME = "Voice RAG AI Task"

DEFAULT_KNOWLEDGE_URL = "http://127.0.0.1:10310"
DEFAULT_OLLAMA_MODEL = "t-tech/T-lite-it-2.1:q4_K_M"

EVENT_TURN = "voice_rag_turn"
"""Fired before a sentence is acted on, with its context: the logbook's answer to "who did that?"."""

POLL_INTERVAL = timedelta(seconds=30)
POLL_INTERVAL_WHILE_READING = timedelta(seconds=5)
"""Documents are coming in: their words are wanted in the recogniser soon."""
FAILED_POLLS_BEFORE_ISSUE = 2
"""A service that restarts must not make a repair appear for half a minute."""

VOCABULARY_COOLDOWN_SECONDS = 5.0
"""Registries change in bursts: a renamed device is several events."""
VOCABULARY_RETRY = timedelta(seconds=30)
VOCABULARY_REFRESH = timedelta(minutes=5)
"""A speech server that was restarted has forgotten the words, and nothing tells us."""

DEFAULT_CONTROL_APIS = ("assist",)
NUM_CTX = 12288
"""Tokens. Always sent: Ollama's own default cuts long prompts silently. The tools of a furnished house take 5000."""

MAX_PASSAGES = 5
MAX_EXCHANGES = 6
"""Earlier turns of the conversation that the model sees."""
