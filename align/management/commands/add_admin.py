from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from align.people import actions as people
from align.people import invitations
from align.people.models import Role, User


class Command(BaseCommand):
    help = "Make somebody an admin, and print a one-time link to set their password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address they sign in with")
        parser.add_argument("--name", default="", help="otherwise the first part of the address")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"“{email}” is not an e-mail address.") from error
        user = make_admin(email=email, name=options["name"].strip())
        self.stdout.write(f"{user.name} ({user.email}) is an admin.")
        if user.has_usable_password():
            self.stdout.write("They sign in with the password they have.")
            return
        days = settings.PASSWORD_RESET_TIMEOUT // 86_400
        self.stdout.write(f"They set a password here, once, within {days} days:")
        self.stdout.write(settings.BASE_URL + invitations.password_path(user))


@transaction.atomic
def make_admin(*, email: str, name: str) -> User:
    """Give the admin role to whoever has this address, made where nobody has it."""
    user = User.objects.select_for_update().filter(email=email).first()
    if user is None:
        user = User(
            email=email, name=(name or email.split("@")[0])[:120], date_joined=timezone.now()
        )
        user.set_unusable_password()
    if user.example:
        raise CommandError(
            f"{email} belongs to the example company and goes with it. Name another address."
        )
    user.roles = people.in_order({*(Role(role) for role in user.roles), Role.ADMIN})
    user.is_active = True
    user.save()
    return user
