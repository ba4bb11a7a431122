import time

import pytest

from alliance_nlp.errors import UsageError
from alliance_nlp.roles import RoleNames
from alliance_nlp.transcript import SpeakerRole


@pytest.mark.parametrize("label", ["T", "t", "Th", "Therapist", "THERAPIST", "Counsellor", "Counselor", "Interviewer"])
def test_usual_therapist_labels_are_known(label):
    assert RoleNames().role_of(label) is SpeakerRole.THERAPIST


@pytest.mark.parametrize("label", ["C", "Cl", "Client", "CLIENT", "Patient", "P", "Seeker", "Service  User"])
def test_usual_client_labels_are_known(label):
    assert RoleNames().role_of(label) is SpeakerRole.CLIENT


@pytest.mark.parametrize("label", ["Other", "Mother", "Interpreter", "Observer"])
def test_usual_labels_of_others_are_known(label):
    assert RoleNames().role_of(label) is SpeakerRole.OTHER


@pytest.mark.parametrize("label", ["C1", "C 2", "Client_3", "Client-4", "Client #5", "Client A", "Cl.", " client 12 "])
def test_a_number_or_letter_behind_a_usual_label_is_passed_over(label):
    assert RoleNames().role_of(label) is SpeakerRole.CLIENT


@pytest.mark.parametrize("label", ["SPEAKER_00", "Zed", "Dr Smith", "Tom", "1", "", "Clients", "T-shirt"])
def test_other_labels_have_no_role(label):
    assert RoleNames().role_of(label) is None


def test_a_given_label_has_the_role_it_was_given():
    roles = RoleNames({"SPEAKER_00": SpeakerRole.THERAPIST})
    assert roles.role_of("speaker_00") is SpeakerRole.THERAPIST


def test_a_given_label_takes_precedence_over_a_usual_one():
    assert RoleNames({"P": SpeakerRole.THERAPIST}).role_of("p") is SpeakerRole.THERAPIST


def test_giving_a_label_leaves_the_usual_ones_known():
    assert RoleNames({"Zed": SpeakerRole.OTHER}).role_of("C") is SpeakerRole.CLIENT


@pytest.mark.parametrize("pair", ["Zed=therapist", "Zed = Therapist", " zed=THERAPIST "])
def test_pairs_are_read_in_any_case_and_spacing(pair):
    assert RoleNames.parse([pair]).role_of("Zed") is SpeakerRole.THERAPIST


def test_a_label_in_a_pair_may_hold_an_equals_sign():
    assert RoleNames.parse(["a=b=client"]).role_of("a=b") is SpeakerRole.CLIENT


@pytest.mark.parametrize("pair", ["", "Zed", "Zed=", "Zed=boss", "=client", " =client"])
def test_a_pair_that_names_no_label_or_no_role_is_refused(pair):
    with pytest.raises(UsageError, match="LABEL=ROLE"):
        RoleNames.parse([pair])


def test_labels_given_that_were_never_met_are_told():
    roles = RoleNames.parse(["Zed=client", "Therapst=therapist", "Ann=other"])
    roles.role_of("ZED")
    roles.given_role(" ann ")
    assert roles.never_met() == ["Therapst"]


def test_before_anything_is_read_no_label_is_missed():
    assert RoleNames.parse(["Zed=client"]).never_met() == []


@pytest.mark.parametrize("label", ["1" * 20_000 + "x", "-" * 20_000 + "x"], ids=["digits", "hyphens"])
def test_a_very_long_label_is_answered_at_once(label):
    began = time.perf_counter()
    RoleNames().role_of(label)
    assert time.perf_counter() - began < 1
