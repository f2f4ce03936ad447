"""Class rate alpha = log(K)/d and variance sigma2 of labelled latents: the isotropic problems they resemble.

    python3 what_is_my_alpha.py latents.npy labels.npy [--components N] [--check]

latents.npy holds one row a sample, labels.npy the label of each. --components N keeps the N leading principal
components. --check samples the mixture of the measured Gaussians under guidance (ODE, small steps), beside the
theory. NumPy only; digits in brackets are one standard error. Classes count alike, however many samples they have.
"""

import argparse

import numpy as np


class Spectra:
    """Second moments of labelled samples, in the eigenbasis of the pooled covariance."""

    def __init__(self, classes):
        means = np.array([samples.mean(axis=0) for samples in classes])
        pooled = np.mean([np.cov(samples, rowvar=False) for samples in classes], axis=0)
        self.within, self.basis = eigen(pooled)
        self.means = (means - means.mean(axis=0)) @ self.basis
        self.log_classes = np.log(len(classes))
        self.inverse_sizes = np.mean([1 / len(samples) for samples in classes])

    def between(self, scale=1.0):
        """Variances of the centres over scale, K - 1 of them, less what means of finitely many samples add."""
        gram = (self.means / scale) @ self.means.T
        added = self.inverse_sizes * np.sum(self.within / scale)
        return np.maximum(np.linalg.eigvalsh(gram)[1:] - added, 0) / len(self.means)

    def information(self, noise):
        """Information on the class under noise of a variance, as of Gaussians: sum of log(D/Gamma)/2."""
        return np.sum(np.log1p(self.between(self.within + noise))) / 2

    def in_plane(self):
        """Mean variance within classes in the plane of the centres."""
        plane = np.linalg.svd(self.means, full_matrices=False)[2][:-1]
        return np.mean(plane**2 @ self.within)


def eigen(covariance):
    """Eigenvalues and basis; constant features get a thousandth of the mean variance."""
    variances, basis = np.linalg.eigh(covariance)
    return np.maximum(variances, 1e-3 * variances.mean()), basis


def root(decreasing, low, high):
    """Root of a decreasing function of a positive number; NaN where it has none between the bounds."""
    if decreasing(low) < 0 or decreasing(high) > 0:
        return np.nan
    for _ in range(60):
        middle = np.sqrt(low * high)
        low, high = (middle, high) if decreasing(middle) > 0 else (low, middle)
    return low


def readings(spectra):
    """Dimension, alpha and sigma2 of isotropic problems with the total variance of the centres."""
    between, within, log_classes = spectra.between(), spectra.within, spectra.log_classes
    total, in_plane = between.sum(), spectra.in_plane()
    centres = total**2 / np.sum(between**2)
    pooled = within.sum() ** 2 / np.sum(within**2)
    # Equal directions whose information is log K at the noise at which that of the data is.
    noise = root(lambda t: spectra.information(t) - log_classes, 1e-9 * total, 1e9 * total)
    speciation = root(lambda d: log_classes - d / 2 * np.log1p(total / d / (in_plane + noise)), 1e-2, 1e4)
    found = {
        "centres": (centres, in_plane),
        "within classes": (pooled, within.sum() / pooled),
        "speciation": (speciation, in_plane),
    }
    return {name: (d, log_classes / d, variance * d / total) for name, (d, variance) in found.items()}


def mean_field(between, within, directions, log_classes, w):
    """m and v at the data, a value a direction, of the guided ODE: guidance is off from psi = phi on.

    t is the variance of the noise. Each value stands for `directions` equal ones.
    """
    start = 1e6 * (between + within).max()
    clock = np.linspace(np.log(start), np.log(1e-5 * within.min()), 2000)
    state = np.array([np.full_like(within, 1 + w), within + start - w * between])
    guided = True
    for a, b in zip(clock[:-1], clock[1:]):

        def slope(log_t, moments):
            (m, v), t = moments, np.exp(log_t)
            own, everyone, strength = within + t, within + between + t, w if guided else 0
            pull = (1 + strength) * (1 - m) / own + strength * m / everyone
            return t * np.array([-pull / 2, v * ((1 + strength) / own - strength / everyone)])

        state = runge_kutta(slope, a, b, state)
        (m, v), own = state, within + np.exp(b)
        psi = -(((m - 1) ** 2 * between + v) / own + np.log(own)) / 2
        phi = -((m**2 * between + v) / (own + between) + np.log(own + between)) / 2
        guided = guided and np.sum(directions * (psi - phi)) < log_classes
    return state


def runge_kutta(slope, a, b, state):
    """State at b from that at a."""
    h = b - a
    k1 = slope(a, state)
    k2 = slope(a + h / 2, state + h / 2 * k1)
    k3 = slope(a + h / 2, state + h / 2 * k2)
    k4 = slope(b, state + h * k3)
    return state + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def guided_samples(means, gaussians, w, per_class, rng):
    """Samples of each class of a mixture under the guided ODE.

    gaussians: variances of each class with their basis, None for the coordinates themselves.
    """
    guided = np.repeat(np.arange(len(means)), per_class)
    start = 1e4 * (max(variances.max() for variances, _ in gaussians) + np.sum(means**2, axis=1).max())
    least = min(variances.min() for variances, _ in gaussians)

    def slope(s, x):
        # s = log(t + least): even steps where noise rules, down to t = 0.
        width = np.exp(s)
        scores, logs = [], []
        for mean, (variances, basis) in zip(means, gaussians):
            all_variances = variances + width - least
            z = x - mean if basis is None else (x - mean) @ basis
            logs.append(-np.sum(z**2 / all_variances + np.log(all_variances), axis=1) / 2)
            scores.append(-z / all_variances if basis is None else -(z / all_variances) @ basis.T)
        weights = np.exp(logs - np.max(logs, axis=0))
        unconditional = np.einsum("kn,knd->nd", weights / weights.sum(axis=0), np.array(scores))
        return -width / 2 * ((1 + w) * np.choose(guided[:, None], scores) - w * unconditional)

    # At infinite noise the guided mean is 1 + w times that of the class.
    x = (1 + w) * means[guided] + np.sqrt(start) * rng.standard_normal((len(guided), means.shape[1]))
    clock = np.linspace(np.log(start + least), np.log(least), 61)
    for a, b in zip(clock[:-1], clock[1:]):
        x = runge_kutta(slope, a, b, x)
    return x.reshape(len(means), per_class, -1)


def distortion(samples, means, gaussians):
    """m and the ratio of total variances, averages over classes, each with its standard error over ten blocks."""
    traces = [variances.sum() for variances, _ in gaussians]
    blocks = np.split(samples, 10, axis=1)
    overlaps = [np.sum(block.mean(axis=1) * means) / np.sum(means**2) for block in blocks]
    ratios = [np.mean(np.var(block, axis=1, ddof=1).sum(axis=1) / traces) for block in blocks]
    return [(np.mean(values), np.std(values, ddof=1) / np.sqrt(10)) for values in (overlaps, ratios)]


def checks(spectra, classes, found, rng):
    """Rows of m and v ratio at w = 1 and 3: exact samples, and the theory at each reading of d."""
    log_classes, within, means = spectra.log_classes, spectra.within, spectra.means
    centres, total = np.mean(means**2, axis=0), spectra.between().sum()
    own = [eigen(np.cov(samples @ spectra.basis, rowvar=False)) for samples in classes]

    def exact(gaussians, w):
        return distortion(guided_samples(means, gaussians, w, 100, rng), means, gaussians)

    def each_direction(w):
        m, v = mean_field(centres, within, 1, log_classes, w)
        return [(m @ centres / centres.sum(),), (v.sum() / within.sum(),)]

    def isotropic(d, alpha, sigma2, w):
        (m,), (v,) = mean_field(np.ones(1), np.array([sigma2]), d, log_classes, w)
        # The directions without classes keep their variance.
        return [(m,), (1 + (v - sigma2) * total / within.sum(),)]

    def row(name, of_strength):
        pairs = [of_strength(w) for w in (1, 3)]
        return [name] + [shown(*pair[i]) for i in (0, 1) for pair in pairs]

    return [
        ["guided samples", "m: w=1", "w=3", "v ratio: w=1", "w=3"],
        row("exact, pooled covariance", lambda w: exact([(within, None)] * len(classes), w)),
        row("exact, own covariances", lambda w: exact(own, w)),
        row("theory, each direction", each_direction),
    ] + [
        row("theory, d of " + name, lambda w, values=values: isotropic(*values, w))
        for name, values in found.items()
        if not np.isnan(values[0])
    ]


def shown(value, error=None):
    """Three digits, or as many as the error allows, with it in units of the last one: 0.427(4)."""
    if np.isnan(value):
        return "-"
    if error is None or not error > 0:
        return f"{value:.3f}"
    places = int(np.clip(1 - np.floor(np.log10(error)), 0, 3))
    return f"{value:.{places}f}({error * 10**places:.0f})"


def show_table(rows):
    widths = [max(map(len, column)) for column in zip(*rows)]
    for name, *cells in rows:
        print("  ".join([name.ljust(widths[0])] + [cell.rjust(n) for cell, n in zip(cells, widths[1:])]))


def main():
    parser = argparse.ArgumentParser(description="alpha and sigma2 of labelled latents")
    parser.add_argument("latents", help="array of samples, .npy")
    parser.add_argument("labels", help="array of their labels, .npy")
    parser.add_argument("--components", type=int, help="keep the leading principal components")
    parser.add_argument("--check", action="store_true", help="sample the measured mixture beside the theory")
    options = parser.parse_args()
    labels = np.load(options.labels)
    latents = np.load(options.latents).reshape(len(labels), -1).astype(float)
    if options.components:
        latents -= latents.mean(axis=0)
        latents = latents @ np.linalg.eigh(latents.T @ latents)[1][:, : -options.components - 1 : -1]
    classes = [latents[labels == label] for label in np.unique(labels)]

    rng = np.random.default_rng(1)
    spectra = Spectra(classes)
    found = readings(spectra)
    resampled = ([rng.choice(samples, len(samples)) for samples in classes] for _ in range(30))
    errors = np.std([list(readings(Spectra(again)).values()) for again in resampled], axis=0, ddof=1)
    count, features = latents.shape
    print(f"{count} latents of {features} features, K = {len(classes)}, log K = {spectra.log_classes:.4f}")
    print(f"total variance within classes {spectra.within.sum():.4g}, of the centres {spectra.between().sum():.4g}")
    print()
    show_table(
        [["d of", "d", "alpha", "sigma2"]]
        + [[name, *map(shown, values, error)] for (name, values), error in zip(found.items(), errors)]
    )
    if options.check:
        print()
        show_table(checks(spectra, classes, found, rng))


if __name__ == "__main__":
    main()
