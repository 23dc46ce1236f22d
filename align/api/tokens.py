"""Tokens for programs: shown once, kept only as a hash."""

import hashlib
import secrets

from django.db import transaction
from rest_framework.authentication import TokenAuthentication
from rest_framework.authtoken.models import Token

from align.people.models import User


class Hashed(TokenAuthentication):
    """Signs in whoever sends a token we know the hash of, while they may sign in at all."""

    def authenticate_credentials(self, key: str) -> tuple[User, Token]:
        user, token = super().authenticate_credentials(digest(key))
        return user, token


def digest(key: str) -> str:
    """Return the hash that the table holds: a stolen table opens nothing."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


def rotate(*, user: User) -> str:
    """Give the person a new token and end the old one. Only this call ever sees it."""
    key = secrets.token_hex(20)
    with transaction.atomic():
        Token.objects.filter(user=user).delete()
        Token.objects.create(user=user, key=digest(key))
    return key


def revoke(*, user: User) -> bool:
    deleted, _ = Token.objects.filter(user=user).delete()
    return bool(deleted)
