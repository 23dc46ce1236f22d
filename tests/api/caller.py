"""A person at the API: JSON in, JSON out, through the front door."""

from typing import Any

from django.test import Client

from align.people.models import User

BASE = "/api/v1/"


class Caller:
    def __init__(self, person: User | None = None) -> None:
        self.client = Client()
        if person is not None:
            self.client.force_login(person)

    def get(self, address: str, **query: Any) -> Any:
        return self.client.get(BASE + address, query)

    def post(self, address: str, **body: Any) -> Any:
        return self.client.post(BASE + address, body, content_type="application/json")

    def put(self, address: str, **body: Any) -> Any:
        return self.client.put(BASE + address, body, content_type="application/json")

    def delete(self, address: str) -> Any:
        return self.client.delete(BASE + address)

    def raw(self, address: str, body: bytes, **headers: Any) -> Any:
        kind = headers.pop("content_type", "application/json")
        return self.client.post(BASE + address, body, content_type=kind, **headers)

    def rows(self, address: str, **query: Any) -> list[dict[str, Any]]:
        answer = self.get(address, **query)
        assert answer.status_code == 200, answer.content
        found: list[dict[str, Any]] = answer.json()["results"]
        return found
