"""The codebook's running means in closed form, its newcomers, and the gradient that passes straight through."""

import pytest
import torch

from gen_studio.nets.codebook import SMOOTHING, Codebook, perplexity, rows, straight_through


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def features(count: int = 20, dimensions: int = 3) -> torch.Tensor:
    return torch.randn(count, dimensions, 4, 4, generator=rng(7))


def test_the_nearest_is_the_nearest():
    book, some = Codebook(11, 3), features()
    by_force = torch.cdist(rows(some).double(), book.vectors.double()).argmin(1).view(20, 4, 4)
    assert torch.equal(book.nearest(some), by_force)
    torch.testing.assert_close(book(by_force)[2, :, 1, 3], book.vectors[by_force[2, 1, 3]])


def test_the_running_means_have_their_closed_form():
    book, some = Codebook(4, 3, decay=0.9, least_use=0.0), features()
    book.seed(some, rng())
    sizes, sums = book.sizes.clone(), book.sums.clone()
    chosen = torch.randint(4, (20, 4, 4), generator=rng(1))
    steps = 6
    for _ in range(steps):
        book.learn(some, chosen, rng())
    fading = 0.9**steps
    counts = torch.bincount(chosen.flatten(), minlength=4).float()
    totals = torch.stack([rows(some)[chosen.flatten() == code].sum(0) for code in range(4)])
    torch.testing.assert_close(book.sizes, fading * sizes + (1 - fading) * counts)
    torch.testing.assert_close(book.sums, fading * sums + (1 - fading) * totals)
    whole = book.sizes.sum()
    smoothed = (book.sizes + SMOOTHING) / (whole + 4 * SMOOTHING) * whole
    torch.testing.assert_close(book.vectors, book.sums / smoothed[:, None])
    torch.testing.assert_close(smoothed.sum(), whole)


def test_a_codebook_starts_as_features():
    book, some = Codebook(9, 3), features()
    book.seed(some, rng())
    same = (book.vectors[:, None] == rows(some)).all(2)
    assert same.any(1).all()
    torch.testing.assert_close(book.sizes, torch.full((9,), 320 / 9))
    torch.testing.assert_close(book.sums, book.vectors * book.sizes[:, None])


def test_a_dead_code_comes_back_as_a_feature_and_lives():
    book, some = Codebook(8, 3), features()
    book.seed(some, rng())
    book.vectors[5] = 100.0  # nobody's neighbour
    book.sums[5] = 100.0 * book.sizes[5]
    deaths = 0
    for step in range(500):
        codes = book.nearest(some)
        assert step > 0 or not (codes == 5).any()
        before = book.vectors[5].clone()
        book.learn(some, codes, rng(step))
        if (book.vectors[5] - before).abs().max() > 10:
            deaths += 1
    assert deaths == 1
    assert (book.counts(book.nearest(some)) > 0).all()


def test_a_code_in_use_is_not_begun_anew():
    book = Codebook(2, 1)
    some = torch.tensor([-1.0, 1.0, -1.0, 1.0]).view(4, 1, 1, 1).repeat(1, 1, 4, 4)
    book.vectors.copy_(torch.tensor([[-1.0], [1.0]]))
    book.sizes.fill_(32.0)
    book.sums.copy_(book.vectors * 32)
    for step in range(50):
        book.learn(some, book.nearest(some), rng(step))
    torch.testing.assert_close(book.vectors, torch.tensor([[-1.0], [1.0]]), atol=1e-4, rtol=0)


def test_with_fewer_features_than_codes_not_all_are_dead_at_once():
    book, some = Codebook(64, 3), features(count=1)
    book.seed(some, rng())
    before = book.vectors.clone()
    book.learn(some, book.nearest(some), rng(1))
    used = book.counts(book.nearest(some)) > 0
    assert used.any() and torch.allclose(book.vectors[~used], before[~used], atol=0.05)


def test_the_gradient_passes_straight_through():
    some = features(2).requires_grad_()
    book = Codebook(5, 3)
    quantised = book(book.nearest(some))
    weights = torch.randn(some.shape, generator=rng(3))
    passed = straight_through(some, quantised)
    (weights * passed).sum().backward()
    torch.testing.assert_close(passed, quantised)
    assert torch.equal(some.grad, weights)


def test_perplexity_counts_codes_in_even_use():
    assert float(perplexity(torch.tensor([5.0, 5.0, 5.0, 0.0]))) == pytest.approx(3.0)
    assert float(perplexity(torch.tensor([0.0, 9.0]))) == pytest.approx(1.0)
    assert float(perplexity(torch.zeros(3))) == pytest.approx(1.0)


def test_looking_leaves_the_codebook_as_it_is():
    book = Codebook(5, 3)
    before = {name: value.clone() for name, value in book.state_dict().items()}
    book(book.nearest(features()))
    assert all(torch.equal(value, before[name]) for name, value in book.state_dict().items())
