"""What others saw a person do: shown to that person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from training import seen as rows
from training.views.asking import me


@require_safe
def seen(request: HttpRequest) -> HttpResponse:
    """Show somebody their own observations and assessments, and nothing of anybody else."""
    page = rows.page(me(request), now=timezone.now())
    return render(request, "training/seen.html", {"page": page})
