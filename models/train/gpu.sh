#!/bin/sh
# Trains one size on a GPU from a folder of pack.py, scores it and writes the GGUF file:  sh gpu.sh PACKED SIZE OUT
# Both stages write checkpoints into PACKED; the same command goes on from them.
set -eu
mkdir -p "$3"
packed=$(cd "$1" && pwd)
size=$2
out=$(cd "$3" && pwd)
cd "$(dirname "$0")"
set -- --packed "$packed" --work "$packed" --size "$size" --device cuda --length 1024 --bins 64 --parts 1 --save-minutes 5
python train.py prose "$@" --tokens-each 20 --out "prose-$size.pt" --decay-share 0.1
python train.py answers "$@" --tokens-each 100 --start "prose-$size.pt" --out "answers-$size.pt" --lr 3e-3 --decay-share 0.4 --round q8_0 --round-share 0.05
python evaluate.py --work "$packed" --model "answers-$size.pt" --free 200
python export_gguf.py --work "$packed" --model "answers-$size.pt" --out "$out" --name "understudy-$size" --check
