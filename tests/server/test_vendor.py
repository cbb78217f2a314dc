"""What is vendored is what is on record, and nothing else is."""

import hashlib
import re
from pathlib import Path

import pytest

from server.web import vendor
from server.web.vendor import STATIC, ChecksumDiffers, Library, libraries

ROOT = Path(__file__).resolve().parents[2]
PROSE = re.compile(r"/\*.*?\*/|`(?:\\.|[^`\\])*`", re.DOTALL)
NAMED = re.compile(r"""(?:^|[;}])(?:import|export)\b(?:[^;"'()]*\bfrom)?\s*["']([^"'\n]+)["']""", re.MULTILINE)


def test_each_file_has_the_checksum_on_record() -> None:
    """Every file that is served is as it was fetched, and there is none that nobody recorded."""
    found = {
        file.relative_to(STATIC).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in (STATIC / "web/vendor").rglob("*")
        if file.is_file()
    }
    assert found == {
        str(library.folder / name): digest for library in libraries() for name, digest in library.files.items()
    }


@pytest.mark.parametrize("library", libraries(), ids=lambda library: library.name)
def test_each_library_is_exact_licensed_and_named_in_the_readme(library: Library) -> None:
    """A version, a checksum of the archive, a licence with its text, and a word on why it is here."""
    assert re.fullmatch(r"\d+\.\d+\.\d+", library.version)
    assert re.fullmatch(r"sha512-[\w+/]{86}==", library.archive)
    assert any("LICENSE" in name for name in library.files)
    assert library.licence in ("MIT", "BSD-3-Clause")
    assert f"{library.name}" in (ROOT / "README.md").read_text()


def test_each_name_that_a_vendored_module_imports_is_in_the_map() -> None:
    """Libraries find each other by name; what they import relative to themselves lies beside them."""
    known = {name for library in libraries() for name in library.modules}
    for library in libraries():
        for name in library.files:
            file = STATIC / library.folder / name
            if file.suffix not in (".js", ".mjs"):
                continue
            text = file.read_text()
            assert "sourceMappingURL" not in text
            for imported in NAMED.findall(PROSE.sub("", text)):
                if imported.startswith("."):
                    assert (file.parent / imported).is_file(), f"{file} imports {imported}"
                else:
                    assert imported in known, f"{file} imports {imported}"


def test_what_is_not_on_record_is_refused() -> None:
    """Another archive, or another file from the same one, ends the fetch."""
    content = b"export const one = 1;\n"
    sums = {"one.js": hashlib.sha256(content).hexdigest()}
    library = Library("one", "1.0.0", "MIT", {}, sums, archive="sha512-known")
    vendor.check(library, "sha512-known", {"one.js": content})
    with pytest.raises(ChecksumDiffers, match=r"The archive of one 1\.0\.0"):
        vendor.check(library, "sha512-other", {"one.js": content})
    with pytest.raises(ChecksumDiffers, match=r"one\.js of one 1\.0\.0"):
        vendor.check(library, "sha512-known", {"one.js": b"alert(1)"})
