import pytest
from reading import ROLES

from alliance_nlp.readers import read_session
from alliance_nlp.roles import RoleNames


@pytest.fixture
def read_text(tmp_path):
    """Write a text and read it, each label having a role."""

    def write_and_read(text, name, roles=ROLES, **options):
        path = tmp_path / name
        path.write_bytes(text.encode())
        return read_session(path, RoleNames(roles), **options)

    return write_and_read
