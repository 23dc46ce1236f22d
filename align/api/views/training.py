from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from align.api import filters
from align.api.errors import Conflict
from align.api.fields import Known
from align.api.serializers import training as shape
from align.api.serializers.base import Empty
from align.api.views.base import Listed, Read
from align.people.models import Membership, User
from strategy.models import Behavior, BehaviorRevision
from training import actions
from training.models import Completion, Mapping, Module, ModuleVersion, Observation

TRAINERS_ONLY = "This is for trainers."


@contextmanager
def answered(request: Request, *, path: str = "") -> Iterator[None]:
    """Say in HTTP what an action refuses; ``path`` is where its fields stand in the body."""
    try:
        with transaction.atomic():
            yield
    except actions.Invalid as error:
        wrong = {f"{path}{name}": [text] for name, text in error.errors.items()}
        raise ValidationError(wrong) from error
    except actions.StaleVersion as error:
        raise Conflict(
            "Somebody saved this draft meanwhile. Put the two texts together and send it again "
            "with the new count of edits.",
            yours=request.data,
            theirs=shape.VersionShown(error.version, context={"request": request}).data,
        ) from error
    except actions.TooDeep as error:
        raise ValidationError({"depth": [str(error)]}) from error
    except actions.NotInForce as error:
        raise ValidationError({"behavior": [str(error)]}) from error
    except actions.NotPublished as error:
        raise ValidationError({"version": [str(error)]}) from error
    except (
        actions.NotADraft,
        actions.AlreadyCorrected,
        actions.AlreadyMapped,
        actions.KeyReused,
    ) as error:
        raise Conflict(str(error)) from error


class Modules(Read):
    """What is taught. Drafts are for trainers."""

    queryset = Module.objects.all()
    serializer_class = shape.ModuleShown
    filterset_class = filters.Modules
    orderings = {"code": ("code", "pk"), "-created_at": ("-created_at", "-pk")}

    def get_queryset(self) -> QuerySet[Module]:
        drafts = ModuleVersion.objects.visible_to(self.person).filter(
            state=ModuleVersion.State.DRAFT
        )
        return (
            Module.objects.visible_to(self.person)
            .select_related("program", "owner", "current")
            .prefetch_related(Prefetch("versions", queryset=drafts, to_attr="drafts_seen"))
        )

    def find_editable(self) -> Module:
        module: Module = self.find()
        if not Module.objects.editable_by(self.person).filter(pk=module.pk).exists():
            raise PermissionDenied("Only its owner changes a module.")
        return module

    @extend_schema(
        summary="Make a module with its first draft",
        request=shape.ModuleTaken,
        responses={201: shape.ModuleShown},
    )
    def create(self, request: Request) -> Response:
        if not self.person.is_trainer:
            raise PermissionDenied(TRAINERS_ONLY)
        values = self.take(shape.ModuleTaken)
        with answered(request):
            values["program"] = actions.program(name=values["program"])
            made = actions.add_module(**values, owner=self.person, now=timezone.now())
        return self.show(made, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Publish its draft",
        description="Its claims come along. What was suspect stays so, but for those you checked.",
        request=shape.CheckedPublishTaken,
        responses=shape.ModuleShown,
    )
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: int) -> Response:
        module = self.find_editable()
        values = self.take(shape.CheckedPublishTaken)
        checked = {row["mapping"].pk: row["part"] for row in values["checked"]}
        with answered(request):
            actions.publish_module(
                module=module, by=self.person, checked=checked, now=timezone.now()
            )
        return self.show(module)

    @extend_schema(
        summary="Open the draft of its next version",
        description="The draft there is, or a copy of the published one.",
        request=Empty,
        responses=shape.VersionShown,
    )
    @action(detail=True, methods=["post"])
    def draft(self, request: Request, pk: int) -> Response:
        module = self.find_editable()
        self.take(Empty)
        with answered(request):
            draft = actions.new_version(module=module, by=self.person, now=timezone.now())
        return Response(shape.VersionShown(draft, context=self.get_serializer_context()).data)

    @extend_schema(summary="End a module", request=shape.RetireTaken, responses=shape.ModuleShown)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: int) -> Response:
        module = self.find_editable()
        values = self.take(shape.RetireTaken)
        with answered(request):
            actions.retire_module(module=module, now=timezone.now(), **values)
        return self.show(module)


class Versions(Read):
    """The states of the modules. A published one never changes."""

    queryset = ModuleVersion.objects.all()
    serializer_class = shape.VersionShown
    filterset_class = filters.Versions
    orderings = {"-created_at": ("-created_at", "-pk"), "id": ("pk",)}

    def get_queryset(self) -> QuerySet[ModuleVersion]:
        return ModuleVersion.objects.visible_to(self.person)

    @extend_schema(
        summary="Save a draft whole",
        description="With a stale count of edits the answer is 409 with both texts.",
        request=shape.VersionEditTaken,
        responses=shape.VersionShown,
    )
    def update(self, request: Request, pk: int) -> Response:
        version = self.find()
        if version.module.owner_id != self.person.pk:
            raise PermissionDenied("Only its owner changes a module.")
        values = self.take(shape.VersionEditTaken)
        with answered(request):
            actions.edit_module(version=version, now=timezone.now(), **values)
        return self.show(version)


class Mappings(Read):
    """The claims “this version teaches this behavior to this audience, this deep”."""

    queryset = Mapping.objects.all()
    serializer_class = shape.MappingShown
    filterset_class = filters.Mappings
    orderings = {"-created_at": ("-created_at", "-pk"), "id": ("pk",)}

    def get_queryset(self) -> QuerySet[Mapping]:
        seen = Mapping.objects.visible_to(self.person).with_suspect()
        return seen.select_related("version", "behavior", "audience", "author")

    def find_own(self) -> Mapping:
        mapping: Mapping = self.find()
        if not Mapping.objects.editable_by(self.person).filter(pk=mapping.pk).exists():
            raise PermissionDenied("This is for the owner of the module.")
        return mapping

    @extend_schema(
        summary="Claim that a version teaches a behavior",
        description="One row an audience.",
        request=shape.MappingTaken,
        responses={201: shape.MappingShown(many=True)},
    )
    def create(self, request: Request) -> Response:
        if not self.person.is_trainer:
            raise PermissionDenied(TRAINERS_ONLY)
        values = self.take(shape.MappingTaken)
        with answered(request):
            made = actions.map_behavior(**values, by=self.person, now=timezone.now())
        rows = self.get_queryset().filter(pk__in=[row.pk for row in made]).order_by("pk")
        return Response(shape.MappingShown(rows, many=True).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Clear a suspect mapping: no impact, because …",
        request=shape.ClearTaken,
        responses=shape.MappingShown,
    )
    @action(detail=True, methods=["post"])
    def clear(self, request: Request, pk: int) -> Response:
        mapping = self.find_own()
        values = self.take(shape.ClearTaken)
        with answered(request):
            actions.clear_mapping(
                mapping=mapping, reason=values["reason"], by=self.person, now=timezone.now()
            )
        return self.show(mapping)

    @extend_schema(summary="End a mapping", request=Empty, responses=shape.MappingShown)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: int) -> Response:
        mapping = self.find_own()
        self.take(Empty)
        with answered(request):
            actions.retire_mapping(mapping=mapping, now=timezone.now())
        return self.show(mapping)


class Completions(Listed):
    """Who took which version, and when. Attendance, never competence."""

    queryset = Completion.objects.all()
    serializer_class = shape.CompletionShown
    filterset_class = filters.Completions
    orderings = {
        "-completed_at": ("-completed_at", "-pk"),
        "completed_at": ("completed_at", "pk"),
    }

    def get_queryset(self) -> QuerySet[Completion]:
        return Completion.objects.visible_to(self.person).select_related("user", "version")

    @extend_schema(
        summary="Record one completion",
        description="Trainers record anybody's, everybody their own. The same source and "
        "external id again: 200 with the first one. Another content: 409.",
        request=shape.CompletionTaken,
        responses={201: shape.CompletionShown, 200: shape.CompletionShown},
    )
    def create(self, request: Request) -> Response:
        values = self.take(shape.CompletionTaken)
        [row] = self.resolved([values])
        with answered(request):
            completion, made = record(row, now=timezone.now())
        code = status.HTTP_201_CREATED if made else status.HTTP_200_OK
        return Response(shape.CompletionShown(completion).data, status=code)

    @extend_schema(
        summary="Record up to 500 completions",
        description="All of them or none: what is wrong is named by its place in the list.",
        request=shape.BatchTaken,
        responses={200: shape.BatchShown},
    )
    @action(detail=False, methods=["post"])
    def batch(self, request: Request) -> Response:
        values = self.take(shape.BatchTaken)["completions"]
        rows = self.resolved(values, path="completions")
        with answered(request, path="completions."):
            recorded = actions.complete_all(
                rows=[actions.Taken(**row) for row in rows], now=timezone.now()
            )
        return Response({"made": recorded.made, "known": recorded.known})

    def resolved(self, values: Sequence[dict[str, Any]], *, path: str = "") -> list[dict[str, Any]]:
        """Find the people and versions of all rows in two queries; name every one not found."""
        people = recordable_by(self.person).filter(email__in={row["person"] for row in values})
        by_mail = {person.email: person for person in people}
        published = ModuleVersion.objects.visible_to(self.person).filter(
            state=ModuleVersion.State.PUBLISHED, pk__in={row["version"] for row in values}
        )
        by_pk = published.in_bulk()
        errors = {}
        for at, row in enumerate(values):
            place = f"{path}.{at}." if path else ""
            if row["person"] not in by_mail:
                errors[f"{place}person"] = ["There is nobody here that you can record this for."]
            if row["version"] not in by_pk:
                errors[f"{place}version"] = [str(Known.default_error_messages["does_not_exist"])]
            elif by_pk[row["version"]].quiz and not self.person.is_trainer:
                errors[f"{place}version"] = ["It ends with a quiz. Passing it completes it."]
        if errors:
            raise ValidationError(errors)
        return [
            {name: value for name, value in row.items() if name != "person"}
            | {"user": by_mail[row["person"]], "version": by_pk[row["version"]]}
            for row in values
        ]


def recordable_by(person: User) -> QuerySet[User]:
    """The people somebody may record completions of: trainers everybody's, all others theirs."""
    active = User.objects.filter(is_active=True)
    return active if person.is_trainer else active.filter(pk=person.pk)


def record(row: dict[str, Any], *, now: datetime) -> tuple[Completion, bool]:
    """Record one completion; one with the same key and another content is a conflict."""
    content = {name: row[name] for name in ("user", "version", "completed_at", "score")}
    completion, made = actions.complete(
        **content, source=row["source"], external_id=row["external_id"], now=now
    )
    if not made and any(getattr(completion, name) != value for name, value in content.items()):
        raise Conflict(f"“{row['external_id']}” of “{row['source']}” is another completion.")
    return completion, made


class Observations(Listed):
    """What was seen, or that there was no chance to see it."""

    queryset = Observation.objects.all()
    serializer_class = shape.ObservationShown
    filterset_class = filters.Observations
    orderings = {"-observed_at": ("-observed_at", "-pk"), "observed_at": ("observed_at", "pk")}

    def get_queryset(self) -> QuerySet[Observation]:
        seen = Observation.objects.visible_to(self.person)
        return seen.select_related("user", "observer", "behavior_revision")

    @extend_schema(
        summary="Record what you saw",
        description="The same client key and body again: 200 with the first one. "
        "Another body: 409.",
        request=shape.ObservationTaken,
        responses={201: shape.ObservationShown, 200: shape.ObservationShown},
    )
    def create(self, request: Request) -> Response:
        if not self.person.is_manager:
            raise PermissionDenied("This is for managers.")
        values = self.take(shape.ObservationTaken)
        if not is_asked(values["person"], values["behavior"]):
            raise ValidationError({"behavior": ["This behavior is not asked of this person."]})
        with answered(request):
            seen, made = actions.observe(
                user=values.pop("person"), observer=self.person, now=timezone.now(), **values
            )
        return self.show(seen, status=status.HTTP_201_CREATED if made else status.HTTP_200_OK)

    @extend_schema(
        summary="Correct one of your own",
        description="The first stays on record. For 30 days.",
        request=shape.ObservationCorrectionTaken,
        responses={201: shape.ObservationShown, 200: shape.ObservationShown},
    )
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: int) -> Response:
        found = self.find(self.get_queryset().select_related("behavior_revision__behavior"))
        if found.observer_id != self.person.pk:
            raise PermissionDenied("Only who saw it corrects it.")
        values = self.take(shape.ObservationCorrectionTaken)
        with answered(request):
            made, new = actions.correct_observation(
                observation=found, by=self.person, now=timezone.now(), **values
            )
        return self.show(made, status=status.HTTP_201_CREATED if new else status.HTTP_200_OK)


def is_asked(person: User, behavior: Behavior) -> bool:
    """Whether the words in force ask this of the person's sales role of today."""
    places = Membership.objects.on(timezone.now().date()).filter(user=person)
    words = BehaviorRevision.objects.in_force().filter(behavior=behavior)
    return words.filter(sales_role__in=places.values("sales_role")).exists()
