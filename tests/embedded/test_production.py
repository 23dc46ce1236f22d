"""Production as compose runs it: collected files, strict settings, the same command."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings

from align.embedded import commands
from tests.embedded.installation import ROOT, free_port
from tests.embedded.test_settings import PRODUCTION

pytestmark = [pytest.mark.xdist_group("processes"), pytest.mark.django_db(transaction=True)]
HOST = PRODUCTION["ALLOWED_HOSTS"]


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """Production on the tests' own database, its static files collected, answering."""
    database = settings.DATABASES["default"]
    url = settings.DATABASE_URL.rpartition("/")[0] + "/" + database["NAME"]
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        **PRODUCTION,
        "DATABASE_URL": url,
        "REDIS_URL": settings.REDIS_URL,
        "ALIGN_STATIC_ROOT": str(tmp_path),
        "ALIGN_BEHIND_PROXY": "True",
    }
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"],
        cwd=ROOT,
        env=environment,
        check=True,
    )
    number = free_port()
    command = commands.web(host="127.0.0.1", port=number)
    server = subprocess.Popen(command.argv, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while not answers(number):
            assert server.poll() is None
            assert time.monotonic() < until
            time.sleep(0.1)
        yield number
    finally:
        server.terminate()
        server.wait(timeout=30)


def answers(port: int) -> bool:
    try:
        return get(port, "/healthz")[0] == 200
    except OSError:
        return False


def get(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as line:
        line.request("GET", path, headers={**headers, "Connection": "close"})
        answer = line.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, found, answer.read().decode()


def test_production_serves_its_pages_over_tls_only(port: int) -> None:
    status, headers, _ = get(port, "/accounts/login/", Host=HOST)
    assert (status, headers["location"]) == (301, f"https://{HOST}/accounts/login/")
    assert get(port, "/accounts/login/", Host="elsewhere.example.com")[0] == 400

    tls = {"Host": HOST, "X-Forwarded-Proto": "https"}
    status, headers, page = get(port, "/accounts/login/", **tls)
    assert status == 200
    assert "max-age=31536000" in headers["strict-transport-security"]
    assert "default-src 'none'" in headers["content-security-policy"]

    style = page.split('rel="stylesheet" href="', 1)[1].split('"', 1)[0]
    status, headers, _ = get(port, style, **tls)
    assert status == 200
    assert "immutable" in headers["cache-control"]
