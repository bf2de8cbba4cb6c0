"""Files of variables, in whatever encoding an editor wrote them."""

from __future__ import annotations

from pathlib import Path

import pytest

from output.config.light import EnvFileError, read_env_file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_with_or_without_a_byte_order_mark_is_read(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / ".env"
    file.write_bytes("# cafés\nNAME=Zoë\nEMPTY=\nexport QUOTED='a b'\n".encode(encoding))

    assert read_env_file(file) == {"NAME": "Zoë", "EMPTY": "", "QUOTED": "a b"}


def test_anything_else_is_one_sentence_that_names_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"GOOD=1\nNAME=caf\xe9\n")

    with pytest.raises(EnvFileError, match=r"\.env is not UTF-8 \(line 2: .*\); save it as UTF-8"):
        read_env_file(file)
