"""Muon for the matrices of the layers; the embedding and the norms take AdamW."""

from __future__ import annotations

import torch
from torch import Tensor


class Muon(torch.optim.Optimizer):
    """Momentum with orthogonalized updates (Jordan et al. 2024; Newton-Schulz, 5 steps)."""

    def __init__(self, params: list[Tensor], lr: float, momentum: float = 0.95, decay: float = 0.05) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "decay": decay})

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            by_shape: dict[torch.Size, list[Tensor]] = {}
            for p in group["params"]:
                by_shape.setdefault(p.shape, []).append(p)
            for same in by_shape.values():
                updates = []
                for p in same:
                    buffer = self.state[p].setdefault("buffer", torch.zeros_like(p))
                    buffer.lerp_(p.grad, 1 - group["momentum"])
                    updates.append(p.grad.lerp(buffer, group["momentum"]))
                x = torch.stack(updates)
                tall = x.shape[1] > x.shape[2]
                x = x.mT if tall else x
                x = x.bfloat16() if x.is_cuda else x
                x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
                for _ in range(5):
                    a = x @ x.mT
                    x = 3.4445 * x + (-4.7750 * a + 2.0315 * (a @ a)) @ x
                x = (x.mT if tall else x).float() * (0.2 * max(x.shape[1:]) ** 0.5)
                for p, u in zip(same, x, strict=True):
                    p.mul_(1 - group["lr"] * group["decay"]).add_(u, alpha=-group["lr"])
