"""The libraries that the pages use: `vendor.json` says which, `make vendor` lays them where they are served.

Each is fetched with `npm pack`, as npm is set up on the machine that runs it, held against the checksum of its archive
that is recorded here, and served as its authors built it: no build step, except that references to source maps that
are not served are cut out. To take another version, change it in `vendor.json` and run `make vendor ARGS=--record`,
which writes down the new checksums; read what changed before you commit it.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
RECORD = HERE / "vendor.json"
SOURCE_MAP = re.compile(rb"\s*//# sourceMappingURL=\S+")


class ChecksumDiffers(Exception):
    """What was fetched is not what is recorded."""


@dataclass(frozen=True)
class Library:
    """One npm package, and what of it is served."""

    name: str
    version: str
    licence: str
    imports: dict[str, str]
    """The names that modules import, and the file of the package behind each."""
    files: dict[str, str]
    """The files as they are served, each with its SHA-256."""
    archive: str = ""
    """The checksum of the package as npm publishes it: `sha512-…`."""

    @property
    def folder(self) -> PurePosixPath:
        """Where its files lie among the static files."""
        return PurePosixPath("web/vendor", f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}")

    @property
    def modules(self) -> dict[str, str]:
        """The names that modules import, and the static file behind each."""
        return {name: str(self.folder / file) for name, file in self.imports.items()}


@cache
def libraries() -> tuple[Library, ...]:
    """Return everything that is vendored."""
    return tuple(Library(**entry) for entry in json.loads(RECORD.read_text()))


def fetch(library: Library, into: Path) -> tuple[str, dict[str, bytes]]:
    """Return the checksum of the package's archive, and the files of it that are served."""
    asked = f"{library.name}@{library.version}"
    npm = ["npm", "pack", asked, "--silent", "--ignore-scripts", "--pack-destination", str(into)]
    packed = subprocess.run(npm, check=True, capture_output=True, text=True)  # noqa: S603 - a name from our own record
    archive = into / packed.stdout.strip().splitlines()[-1]
    checksum = b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    files = {}
    with tarfile.open(archive) as tar:
        for name in library.files:
            member = tar.extractfile(f"package/{name}")
            if member is None:
                raise FileNotFoundError(f"{asked} holds no {name}.")
            files[name] = SOURCE_MAP.sub(b"", member.read())
    return f"sha512-{checksum}", files


def check(library: Library, archive: str, files: dict[str, bytes]) -> None:
    """Raise `ChecksumDiffers` if anything is not as it was when it was recorded."""
    if archive != library.archive:
        raise ChecksumDiffers(f"The archive of {library.name} {library.version} is not the one on record.")
    for name, content in files.items():
        if hashlib.sha256(content).hexdigest() != library.files[name]:
            raise ChecksumDiffers(f"{name} of {library.name} {library.version} is not the one on record.")


def recorded(entry: dict[str, Any], archive: str, files: dict[str, bytes]) -> dict[str, Any]:
    """Return a library's entry with the checksums of what was fetched."""
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    return {**entry, "archive": archive, "files": sums}


def main(*arguments: str) -> None:
    """Fetch everything anew; nothing is replaced unless all of it is right."""
    entries = json.loads(RECORD.read_text())
    fetched: dict[PurePosixPath, bytes] = {}
    with TemporaryDirectory() as folder:
        for index, entry in enumerate(entries):
            library = Library(**entry)
            archive, files = fetch(library, Path(folder))
            if "--record" in arguments:
                entries[index] = recorded(entry, archive, files)
            else:
                check(library, archive, files)
            fetched |= {library.folder / name: content for name, content in files.items()}
            sys.stdout.write(f"{library.name} {library.version}\n")
    shutil.rmtree(STATIC / "web/vendor", ignore_errors=True)
    for place, content in fetched.items():
        file = STATIC / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    RECORD.write_text(json.dumps(entries, indent=2) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
