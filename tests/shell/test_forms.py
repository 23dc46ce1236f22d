"""Every form looks and speaks alike: a summary, then label, hint, error, field."""

import re

from django import forms

CHOICES = [("north", "North"), ("south", "South")]


class Trial(forms.Form):
    name = forms.CharField(max_length=5, help_text="As people say it.")
    note = forms.CharField(required=False, widget=forms.Textarea)
    teams = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    critical = forms.BooleanField(required=False, help_text="It fails without it.")
    start = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        if self.data.get("name") == "both":
            raise forms.ValidationError("These two do not go together.")


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_form_without_errors_has_no_summary() -> None:
    assert "There is a problem" not in str(Trial())


def test_the_summary_comes_first_is_announced_and_links_to_the_fields() -> None:
    html = str(Trial({"name": "too long"}))

    assert html.strip().startswith('<div class="problem" role="alert" tabindex="-1"')
    assert "There is a problem" in html
    assert '<a href="#id_name">Name: Ensure this value has at most 5 characters' in html
    assert '<a href="#id_teams">Teams: This field is required.</a>' in html
    assert 'id="id_teams"' in html


def test_what_belongs_to_no_field_stands_in_the_summary() -> None:
    assert "<li>These two do not go together.</li>" in str(
        Trial({"name": "both", "teams": "north"})
    )


def test_label_hint_error_and_field_stand_in_this_order_and_belong_together() -> None:
    html = str(Trial({"name": "too long"})["name"].as_field_group())

    places = [
        html.index(part)
        for part in (
            '<label for="id_name"',
            'id="id_name_helptext"',
            'id="id_name_error"',
            "<input",
        )
    ]
    assert places == sorted(places)
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_what_may_be_left_out_says_so_in_words() -> None:
    form = Trial()

    assert words(form["note"].as_field_group()).startswith("Note (optional)")
    assert "optional" not in form["name"].as_field_group()
    assert "optional" not in form["critical"].as_field_group()


def test_several_boxes_are_one_group_with_a_legend() -> None:
    html = Trial()["teams"].as_field_group()

    assert re.search(r"<fieldset>\s*<legend>Teams</legend>", html)
    assert html.count('type="checkbox"') == 2


def test_hidden_fields_are_sent_once() -> None:
    assert str(Trial()).count('name="start"') == 1


def test_what_people_typed_is_escaped_and_kept() -> None:
    html = str(Trial({"name": '"><script>'}))

    assert "<script>" not in html
    assert "&quot;&gt;&lt;script&gt;" in html


def test_two_forms_on_one_page_keep_their_summaries_apart() -> None:
    one, other = str(Trial({}, prefix="a")), str(Trial({}, prefix="b"))

    ids = re.findall(r'\bid="([^"]+)"', one + other)
    assert len(ids) == len(set(ids))
