"""Average the weights of two checkpoints of one run: python blend.py EARLIER LATER OUT --share 0.3

A share of an earlier checkpoint costs little on notes like the training notes and helps on others.
"""
import argparse
import os
import shutil

from safetensors.torch import load_file, save_file

if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("earlier")
    p.add_argument("later")
    p.add_argument("out")
    p.add_argument("--share", type=float, default=0.3, help="of the earlier one")
    o = p.parse_args()
    shutil.copytree(o.later, o.out, dirs_exist_ok=True)
    a, b = (load_file(os.path.join(folder, "model.safetensors")) for folder in (o.earlier, o.later))
    save_file({k: (o.share * a[k] + (1 - o.share) * b[k]).contiguous() for k in b},
              os.path.join(o.out, "model.safetensors"), metadata={"format": "pt"})
