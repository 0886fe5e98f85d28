"""What the runtime can be told; every default stands here once."""

from dataclasses import dataclass, field
from ipaddress import ip_address

from .errors import StartError
from .frames import FrameLimits


@dataclass(frozen=True, slots=True)
class RuntimeSettings:
    """Where the server listens and how much it takes on."""

    service: str = "voice-rag-speech"
    """What /health calls the server."""

    host: str = "127.0.0.1"
    port: int = 10300
    side_host: str = "127.0.0.1"
    side_port: int = 10301
    """For /health, /metrics and what the services add."""

    token: str | None = None
    """Asked for on the side port, except for /health. None asks for nothing, which is allowed on loopback only."""

    max_connections: int = 64
    idle_seconds: float = 600.0
    """A connection that sends nothing for so long is closed."""

    drain_seconds: float = 5.0
    """How long work under way may take after SIGTERM."""

    frames: FrameLimits = field(default_factory=FrameLimits)
    zeroconf_name: str | None = None
    """Announce this server on the network under this name. None announces nothing."""

    def __post_init__(self) -> None:
        """Raise StartError for settings that contradict each other."""
        if not self.token and not is_loopback(self.side_host):
            raise StartError(
                f"The side port would be open to the network on {self.side_host} without a token. "
                "Set a token (--token or VOICE_RAG_TOKEN) or keep --side-host on 127.0.0.1."
            )


def is_loopback(host: str) -> bool:
    """Return whether only programs on this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
