from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from align.jobs import health


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process lives, without asking anybody else."""
    return JsonResponse({"ok": True})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether every part is there; 503 names the ones that are missing."""
    parts = health.parts(now=timezone.now())
    ready = all(part.ok for part in parts)
    answer = {
        "ok": ready,
        "parts": {part.name: {"ok": part.ok, "reason": part.reason} for part in parts},
    }
    return JsonResponse(answer, status=200 if ready else 503)
