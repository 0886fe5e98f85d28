"""A client of Home Assistant's own API: what its frontend does, in a few methods."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import ClientError, ClientSession, ClientTimeout, ClientWebSocketResponse

from demo.errors import HomeAssistantError, reason

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOGGER = logging.getLogger(__name__)

REQUEST_TIMEOUT = ClientTimeout(total=120)
"""Long enough for a local language model to read a prompt."""
ENTRY_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class Owner:
    """The account that is made for the person who owns the house."""

    username: str
    password: str


@dataclass(frozen=True, slots=True)
class Entity:
    """A line of Home Assistant's entity registry."""

    entity_id: str
    platform: str
    entry_id: str | None

    @property
    def domain(self) -> str:
        """The kind of entity: light, stt, conversation."""
        return self.entity_id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the conversation agent answered."""

    text: str
    kind: str
    """`action_done`, `query_answer` or `error`."""


class HomeAssistant:
    """Home Assistant with a person logged in; close it with `contextlib.aclosing`.

    Raises: HomeAssistantError from every method, with what was asked and what came back.
    """

    def __init__(self, session: ClientSession, url: str, token: str) -> None:
        self.url = url
        self._session = session
        self._token = token
        self._socket: ClientWebSocketResponse | None = None
        self._last_id = 0
        self._lock = asyncio.Lock()

    async def aclose(self) -> None:
        """Close the websocket; the session stays the caller's."""
        if self._socket is not None:
            await self._socket.close()

    async def get(self, path: str) -> Any:
        """Return the JSON at a path of the REST API."""
        return await self._request("GET", path)

    async def post(self, path: str, payload: Mapping[str, Any]) -> Any:
        """Post JSON to a path of the REST API and return what it answers."""
        return await self._request("POST", path, payload)

    async def download(self, path: str) -> bytes:
        """Return the bytes at a path that needs no login, such as spoken audio."""
        try:
            async with self._session.get(self.url + path, timeout=REQUEST_TIMEOUT) as response:
                body = await response.read()
        except (ClientError, TimeoutError) as err:
            raise HomeAssistantError(f"GET {path} failed: {reason(err)}") from err
        if response.status != 200:
            raise HomeAssistantError(f"GET {path} answered {response.status}: {body[:300]!r}")
        return body

    async def command(self, kind: str, **fields: Any) -> Any:
        """Send one websocket command and return its result."""
        async with self._lock:
            try:
                async with asyncio.timeout(REQUEST_TIMEOUT.total):
                    return await self._command({"type": kind, **fields})
            except (ClientError, TypeError, TimeoutError) as err:
                raise HomeAssistantError(f"The websocket command {kind} failed: {reason(err)}") from err

    async def add_integration(self, domain: str, answers: Mapping[str, Any]) -> str:
        """Walk through an integration's config flow as its dialogue does, and return the id of the loaded entry.

        Each form gets those of the answers that it has fields for, and every answer must have been asked for.
        """
        unasked = set(answers)
        step = await self.post("/api/config/config_entries/flow", {"handler": domain})
        while step["type"] == "form":
            wanted = {field["name"] for field in step["data_schema"]}
            unasked -= wanted
            given = {name: value for name, value in answers.items() if name in wanted}
            path = f"/api/config/config_entries/flow/{step['flow_id']}"
            step = await self.post(path, given)
            if step.get("errors"):
                raise HomeAssistantError(f"The config flow of {domain} refused {given}: {step['errors']}")
        if step["type"] != "create_entry":
            raise HomeAssistantError(f"The config flow of {domain} ended without an entry: {step}")
        if unasked:
            raise HomeAssistantError(f"The config flow of {domain} never asked for {', '.join(sorted(unasked))}.")
        entry_id: str = step["result"]["entry_id"]
        await self._wait_until_loaded(domain, entry_id)
        return entry_id

    async def entities(self) -> list[Entity]:
        """Return everything in the entity registry."""
        rows = await self.command("config/entity_registry/list")
        return [Entity(row["entity_id"], row["platform"], row["config_entry_id"]) for row in rows]

    async def state(self, entity_id: str) -> str:
        """Return an entity's state."""
        state: str = (await self.get(f"/api/states/{entity_id}"))["state"]
        return state

    async def call(self, domain: str, service: str, **data: Any) -> None:
        """Call a service (an action, in newer words)."""
        await self.post(f"/api/services/{domain}/{service}", data)

    async def converse(self, text: str, language: str, agent_id: str) -> Reply:
        """Say something to a conversation agent in writing."""
        answer = await self.post(
            "/api/conversation/process", {"text": text, "language": language, "agent_id": agent_id}
        )
        response = answer["response"]
        return Reply(response["speech"].get("plain", {}).get("speech", ""), response["response_type"])

    async def speak(self, text: str, engine_id: str, language: str, voice: str) -> bytes:
        """Have a text spoken through Home Assistant's text-to-speech and return the streamed WAV file."""
        options = {"voice": voice, "preferred_format": "wav"}
        asked = {"engine_id": engine_id, "message": text, "language": language, "cache": False, "options": options}
        return await self.download((await self.post("/api/tts_get_url", asked))["path"])

    async def _request(self, method: str, path: str, payload: Mapping[str, Any] | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            async with self._session.request(
                method, self.url + path, json=payload, headers=headers, timeout=REQUEST_TIMEOUT
            ) as response:
                if response.status >= 400:
                    raise HomeAssistantError(f"{method} {path} answered {response.status}: {await response.text()}")
                return await response.json()
        except (ClientError, TimeoutError) as err:
            raise HomeAssistantError(f"{method} {path} failed: {reason(err)}") from err

    async def _command(self, message: dict[str, Any]) -> Any:
        if self._socket is None:
            self._socket = await self._open_socket()
        self._last_id += 1
        await self._socket.send_json({"id": self._last_id, **message})
        while True:
            answer = await self._socket.receive_json()
            if answer.get("id") == self._last_id and answer["type"] == "result":
                break
        if not answer["success"]:
            raise HomeAssistantError(f"The websocket command {message} was refused: {answer['error']['message']}")
        return answer["result"]

    async def _open_socket(self) -> ClientWebSocketResponse:
        socket = await self._session.ws_connect(f"{self.url}/api/websocket", max_msg_size=0)
        await socket.receive_json()
        await socket.send_json({"type": "auth", "access_token": self._token})
        answer = await socket.receive_json()
        if answer["type"] != "auth_ok":
            raise HomeAssistantError(f"The websocket login was refused: {answer}")
        return socket

    async def _wait_until_loaded(self, domain: str, entry_id: str) -> None:
        state = "unknown"
        try:
            async with asyncio.timeout(ENTRY_SECONDS):
                while state != "loaded":
                    entries = await self.get(f"/api/config/config_entries/entry?domain={domain}")
                    entry = next(entry for entry in entries if entry["entry_id"] == entry_id)
                    state = entry["state"]
                    await asyncio.sleep(0.1)
        except TimeoutError as err:
            raise HomeAssistantError(f"The entry of {domain} is not loaded but {state}: {entry.get('reason')}") from err


async def create_owner(session: ClientSession, url: str, owner: Owner, language: str) -> HomeAssistant:
    """Create the first account of a new Home Assistant through its onboarding, and log in with it."""
    client_id = f"{url}/"
    account = {"name": "Demo", "username": owner.username, "password": owner.password}
    async with session.post(
        f"{url}/api/onboarding/users", json={**account, "client_id": client_id, "language": language}
    ) as response:
        if response.status != 200:
            raise HomeAssistantError(f"Onboarding answered {response.status}: {await response.text()}")
        code = (await response.json())["auth_code"]
    form = {"client_id": client_id, "grant_type": "authorization_code", "code": code}
    async with session.post(f"{url}/auth/token", data=form) as response:
        if response.status != 200:
            raise HomeAssistantError(f"Logging in answered {response.status}: {await response.text()}")
        return HomeAssistant(session, url, (await response.json())["access_token"])
