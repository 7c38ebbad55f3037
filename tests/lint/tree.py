# SPDX-License-Identifier: Apache-2.0
"""The source tree as the lint tests see it."""
import os
import pathlib

ROOT = pathlib.Path(os.environ.get("VIGIE_SOURCE_ROOT", pathlib.Path(__file__).resolve().parents[2]))
CODE_FOLDERS = ("base", "geo", "classifier", "dataplane", "dashboard-export", "app", "tests")
OTHER_FOLDERS = ("scripts", "configs", ".ci")
DATA = ("tests/captures/", "tests/fuzz/corpus/", "tests/mmdb/", "tests/golden/")


def _is_ours(path):
    name = path.relative_to(ROOT).as_posix()
    return path.is_file() and "__pycache__" not in path.parts and not name.startswith(DATA)


def _below(folders):
    for folder in folders:
        yield from filter(_is_ours, sorted((ROOT / folder).rglob("*")))


def c_files():
    return [path for path in _below(CODE_FOLDERS) if path.suffix in (".c", ".h")]


def text_files():
    """Everything a person wrote: code, scripts, build files, settings; no data, no documents."""
    kinds = (".c", ".h", ".py", ".sh", ".build", ".yaml", "")
    top = [ROOT / "meson.build", ROOT / "meson_options.txt"]
    return top + [path for path in _below(CODE_FOLDERS + OTHER_FOLDERS) if path.suffix in kinds]


def name(path):
    return path.relative_to(ROOT).as_posix()


def lines(path):
    return path.read_text(encoding="utf-8").splitlines()
