"""What the flags page may be asked for."""

from django import forms


class FlagFilter(forms.Form):
    """What the flags page may be asked for; anything else in the address means no filter."""

    rule = forms.CharField(required=False, max_length=40)
    state = forms.CharField(required=False, max_length=12)
    mine = forms.BooleanField(required=False)
