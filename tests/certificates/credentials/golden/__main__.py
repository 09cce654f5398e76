import json

from . import FOLDER, made

for name, document in made().items():
    text = json.dumps(document, ensure_ascii=False, indent=1)
    (FOLDER / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")
