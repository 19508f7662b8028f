"""Where the encoder begins: the layers of the teacher, its embeddings, and Chinese characters between the English words that they translate."""

from __future__ import annotations

import re

import numpy as np
import torch
from scipy import sparse
from tokenizers import BertWordPieceTokenizer

from encoder import POSITIONS, Encoder
from pieces import HAN
from teacher import Teacher

PAIRS_READ = 100_000
# English pieces that a character lies between.
NEIGHBORS = 6


def teacher_ids(pieces: BertWordPieceTokenizer, teacher: Teacher) -> np.ndarray:
    """Return the teacher's id of each piece; of pieces that it lacks, that of its unknown one."""
    known = teacher.pieces.get_vocab()
    names = [name for name, _ in sorted(pieces.get_vocab().items(), key=lambda item: item[1])]
    return np.array([known.get(name, known["[UNK]"]) for name in names])


def translations(pieces: BertWordPieceTokenizer, pairs: list[tuple[str, str]]) -> sparse.csr_matrix:
    """Return shares of English pieces for each Chinese character, [pieces, pieces], by how often they come in the same pairs (Dice's coefficient)."""
    vocabulary = pieces.get_vocab()
    is_word = np.array([name.isascii() and name.isalpha() and len(name) > 2 for name, _ in sorted(vocabulary.items(), key=lambda item: item[1])])

    def occurrences(lists: list[set[int]]) -> sparse.csr_matrix:
        columns = [at for ids in lists for at in ids]
        ends = np.cumsum([0, *(len(ids) for ids in lists)])
        return sparse.csr_matrix((np.ones(len(columns), np.float32), columns, ends), (len(lists), len(vocabulary)))

    english = occurrences([{at for at in e.ids if is_word[at]} for e in pieces.encode_batch([first for first, _ in pairs])])
    chinese = occurrences([{vocabulary[c] for c in HAN.findall(second) if c in vocabulary} for _, second in pairs])
    together = (chinese.T @ english).tocsr()
    counts = [np.asarray(side.sum(0)).ravel() for side in (chinese, english)]
    rows, columns, values = [], [], []
    for row in np.flatnonzero(counts[0]):
        near = together.indices[together.indptr[row] : together.indptr[row + 1]]
        dice = 2 * together.data[together.indptr[row] : together.indptr[row + 1]] / (counts[0][row] + counts[1][near])
        best = np.argsort(-dice)[:NEIGHBORS]
        rows += [row] * len(best)
        columns += near[best].tolist()
        values += (dice[best] ** 2 / (dice[best] ** 2).sum()).tolist()
    return sparse.csr_matrix((values, (rows, columns)), (len(vocabulary), len(vocabulary)), dtype=np.float32)


@torch.no_grad()
def begin(model: Encoder, pieces: BertWordPieceTokenizer, teacher: Teacher, pairs: list[tuple[str, str]]) -> None:
    """Set the weights from which the training goes on."""
    published = teacher.model
    model.layers.load_state_dict(published.layers.state_dict())
    model.norm.load_state_dict(published.norm.state_dict())
    model.types.load_state_dict(published.types.state_dict())
    model.positions.weight.copy_(published.positions.weight[:POSITIONS])
    weights = published.tokens.weight[torch.from_numpy(teacher_ids(pieces, teacher))].clone()
    shares = translations(pieces, pairs[:PAIRS_READ])
    between = torch.from_numpy(shares @ weights.numpy())
    is_han = torch.tensor([re.match(HAN, name) is not None for name, _ in sorted(pieces.get_vocab().items(), key=lambda item: item[1])])
    usual = weights[~is_han].norm(dim=1).mean()
    found = is_han & (between.norm(dim=1) > 0)
    weights[is_han] = torch.randn(int(is_han.sum()), weights.shape[1]) * 0.04
    weights[found] = between[found] / between[found].norm(dim=1, keepdim=True) * usual
    model.tokens.weight.copy_(weights)
