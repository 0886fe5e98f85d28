"""What the servers count, in Prometheus' form."""

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

CONNECTIONS = Gauge("voice_rag_connections", "Wyoming connections that are open")
EVENTS = Counter("voice_rag_events", "Wyoming events received", ["type"])
ERRORS = Counter("voice_rag_errors", "Error events sent to clients", ["code"])
ABANDONED = Counter("voice_rag_abandoned", "Requests whose client left before the answer", ["service"])
BUSY = Counter("voice_rag_busy", "Requests refused because the queue was full", ["queue"])
INFERENCE_PENDING = Gauge("voice_rag_inference_pending", "Requests waiting for or in an engine", ["queue"])
INFERENCE_SECONDS = Histogram(
    "voice_rag_inference_seconds", "Time in the engine for a request", ["queue"], buckets=_SECONDS
)
ENGINE_LOAD_SECONDS = Gauge("voice_rag_engine_load_seconds", "Time the engine took to load", ["engine"])
ENGINE_MEMORY = Gauge("voice_rag_engine_memory_bytes", "Memory of the engine's own process; 0 without one", ["engine"])
ENGINE_LOST = Counter("voice_rag_engine_lost", "Processes of an engine that ended by themselves", ["engine"])
TRANSCRIPT_SECONDS = Histogram(
    "voice_rag_transcript_seconds", "From asking an engine for a transcript to having it", ["engine"], buckets=_SECONDS
)
FIRST_AUDIO_SECONDS = Histogram(
    "voice_rag_first_audio_seconds", "From an answer's first unit of text to its audio", ["engine"], buckets=_SECONDS
)
TTS_REAL_TIME_FACTOR = Histogram(
    "voice_rag_tts_real_time_factor",
    "Seconds of synthesis for a second of speech",
    ["engine"],
    buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0),
)
TTS_FALLBACKS = Counter("voice_rag_tts_fallbacks", "Answers that another engine had to finish", ["engine"])
TTS_PHRASES = Counter("voice_rag_tts_phrases", "Short units of text, by whether their audio was kept", ["cache"])
TTS_PHRASE_BYTES = Gauge("voice_rag_tts_phrase_bytes", "Audio of short phrases that is kept")
DETECTIONS = Counter("voice_rag_detections", "Wake words detected", ["word"])
WAKE_SKIPPED_SECONDS = Counter("voice_rag_wake_skipped_seconds", "Audio skipped because the machine could not keep up")
WAKE_STREAMS = Gauge("voice_rag_wake_streams", "Streams listened to for wake words")
WAKE_LAG_SECONDS = Histogram(
    "voice_rag_wake_lag_seconds", "From a window's last sample to its scores, the latest of a batch", buckets=_SECONDS
)
WAKE_BATCH_STREAMS = Histogram(
    "voice_rag_wake_batch_streams", "Streams computed together", buckets=(1, 2, 4, 8, 16, 32, 64)
)
WAKE_OBJECTIONS = Counter("voice_rag_wake_objections", "Detections that a verifier objected to", ["verifier"])
TURN_FALLBACKS = Counter("voice_rag_turn_fallbacks", "Pauses judged locally because the remote detector failed")
