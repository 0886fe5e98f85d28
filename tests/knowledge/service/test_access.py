import stat
from pathlib import Path

import pytest

from knowledge.service.access import SUPERVISOR_ADDRESS, Access, Caller, Verdict
from knowledge.service.tokens import kept_token, own_token
from tests.knowledge.service.running import TOKEN

GUARDED = Access(TOKEN)
OPEN = Access(None)
INGRESS = Access(TOKEN, trusts_ingress=True)
BEARER = {"Authorization": f"Bearer {TOKEN}"}
THROUGH_INGRESS = {"X-Ingress-Path": "/api/hassio_ingress/abc"}


def caller(
    headers: dict[str, str] | None = None,
    *,
    method: str = "GET",
    host: str = "127.0.0.1:10310",
    peer: str = "192.168.1.9",
    cookie: str | None = None,
) -> Caller:
    return Caller(method, host, peer, headers or {}, cookie)


@pytest.mark.parametrize("header", ["", "s3cret", "Bearer wrong", "Basic s3cret", "Bearer ключ"])
def test_nobody_comes_in_without_the_token(header: str) -> None:
    assert GUARDED.judge(caller({"Authorization": header})) is Verdict.NO_TOKEN


def test_a_bearer_of_the_token_comes_in_from_anywhere() -> None:
    assert GUARDED.judge(caller({**BEARER, "Origin": "https://evil.example"}, method="POST")) is Verdict.LET_IN


def test_a_browser_that_logged_in_comes_in_until_the_token_changes() -> None:
    logged_in = caller(cookie=GUARDED.session())
    assert GUARDED.judge(logged_in) is Verdict.LET_IN
    assert Access("another").judge(logged_in) is Verdict.NO_TOKEN


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:10310"},
    ],
)
@pytest.mark.parametrize("access", [GUARDED, OPEN, INGRESS])
def test_a_page_of_another_site_cannot_act_for_its_visitor(access: Access, headers: dict[str, str]) -> None:
    assert access.judge(caller(headers, method="POST", cookie=access.session())) is Verdict.FOREIGN_PAGE


def test_the_services_own_page_may_act() -> None:
    headers = {"Origin": "http://127.0.0.1:10310", "Sec-Fetch-Site": "same-origin"}
    assert OPEN.judge(caller(headers, method="POST")) is Verdict.LET_IN


def test_a_link_to_the_page_may_be_followed_from_elsewhere() -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert OPEN.judge(caller(headers)) is Verdict.LET_IN


def test_home_assistant_is_let_in_from_the_supervisors_address_only() -> None:
    assert INGRESS.judge(caller(THROUGH_INGRESS, peer=SUPERVISOR_ADDRESS)) is Verdict.LET_IN
    assert INGRESS.judge(caller(THROUGH_INGRESS, peer="172.30.32.3")) is Verdict.NO_TOKEN
    assert INGRESS.judge(caller(peer=SUPERVISOR_ADDRESS)) is Verdict.NO_TOKEN
    assert GUARDED.judge(caller(THROUGH_INGRESS, peer=SUPERVISOR_ADDRESS)) is Verdict.NO_TOKEN


def test_behind_ingress_the_origin_is_home_assistants_own() -> None:
    headers = {**THROUGH_INGRESS, "Origin": "http://homeassistant.local:8123", "Sec-Fetch-Site": "same-origin"}
    assert INGRESS.judge(caller(headers, method="POST", peer=SUPERVISOR_ADDRESS)) is Verdict.LET_IN
    foreign = {**headers, "Sec-Fetch-Site": "cross-site"}
    assert INGRESS.judge(caller(foreign, method="POST", peer=SUPERVISOR_ADDRESS)) is Verdict.FOREIGN_PAGE


@pytest.mark.parametrize("host", ["127.0.0.1:10310", "localhost", "[::1]:10310"])
def test_without_a_token_this_machine_is_let_in(host: str) -> None:
    assert OPEN.judge(caller(host=host)) is Verdict.LET_IN


@pytest.mark.parametrize("host", ["evil.example:10310", "192.168.1.2", ""])
def test_without_a_token_no_other_name_is_let_in(host: str) -> None:
    assert OPEN.judge(caller(host=host)) is Verdict.NOT_LOCAL


def test_a_token_is_generated_once_logged_once_and_kept_for_its_owner_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert kept_token(tmp_path) is None
    token = own_token(tmp_path)
    assert len(token) >= 32
    assert (own_token(tmp_path), kept_token(tmp_path)) == (token, token)
    assert caplog.text.count(token) == 1
    assert stat.S_IMODE((tmp_path / "token").stat().st_mode) == 0o600
