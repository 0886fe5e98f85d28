"""A turn detection server on another machine: its `POST /infer`. Local rules answer while it does not."""

from collections.abc import Sequence

from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.turn.detector import Pause
from wyoming_servers.turn.engine import TurnOptions
from wyoming_servers.turn.http_client import JsonClient, RemoteError
from wyoming_servers.turn.messages import MessageError, from_json
from wyoming_servers.turn.remote import Circuit, GuardedDetector, timeout_seconds
from wyoming_servers.turn.rules import RuleTurnDetector


class RemoteTurnDetector:
    """Asks the server; the audio stays here."""

    def __init__(self, client: JsonClient) -> None:
        self._client = client

    def completeness(self, pause: Pause) -> float:
        """Return the probability that the speaker has finished. Raises: EngineError."""
        return self.completeness_of_all([pause])[0]

    def completeness_of_all(self, pauses: Sequence[Pause]) -> Sequence[float]:
        """Return it for each pause, by one request. Raises: EngineError."""
        questions = [_to_json(pause) for pause in pauses]
        answers = self._client.post("/infer", questions, timeout_seconds=timeout_seconds(len(pauses)))
        if not isinstance(answers, list) or len(answers) != len(pauses):
            raise RemoteError(self._client.address, f"the answer is not a list of {len(pauses)}")
        try:
            return [from_json(answer) for answer in answers]
        except MessageError as err:
            raise RemoteError(self._client.address, str(err)) from err


def load(options: TurnOptions) -> GuardedDetector:
    """Return the detector; whether the server is there shows when it is asked. Raises: EngineError."""
    if options.model is None:
        raise EngineError("Name the turn detection server with --model, as http://host:port.")
    client = JsonClient(options.model, options.token)
    return GuardedDetector(RemoteTurnDetector(client), RuleTurnDetector(), Circuit())


def _to_json(pause: Pause) -> dict[str, object]:
    return {"context": list(pause.context), "message": pause.text, "language": pause.language}
