"""The results of the Python module are those of the command line, to the last bit."""

from __future__ import annotations

import copy
import math
import os
import pickle
import tempfile
import unittest
import warnings
from pathlib import Path

from support import cfg_dmft, cli, differences

try:
    import numpy
except ImportError:
    numpy = None  # type: ignore[assignment]
try:
    import pandas
except ImportError:
    pandas = None  # type: ignore[assignment]

DIAGRAM = {"alpha": "0.2:1.4:12", "w": [0, 1, 2], "sigma2": 0.25}


class AgainstTheCommandLine(unittest.TestCase):
    """The same documents."""

    def same(self, found: cfg_dmft.Result, *words: str, without: tuple = ()) -> None:
        expected = cli(*words)
        self.assertEqual(found.record.problem, expected["record"]["problem"])
        self.assertEqual(found.record.seed, expected["record"]["seed"])
        for key in ("record", *without):
            found.pop(key)
            expected.pop(key)
        self.assertEqual(differences(found, expected), [])

    def test_solve(self) -> None:
        self.same(
            cfg_dmft.solve(alpha=0.5, w=1, sigma2=0.25, trajectory=7, sampler="sde"),
            *"solve --alpha 0.5 --w 1 --sigma2 0.25 --trajectory 7 --sampler sde".split(),
        )

    def test_transition(self) -> None:
        self.same(
            cfg_dmft.transition(w=[0, 1, 2.5], alpha=0.5, sigma2=0.25),
            *"transition --w 0,1,2.5 --alpha 0.5 --sigma2 0.25".split(),
        )

    def test_phase_diagram(self) -> None:
        self.same(cfg_dmft.phase_diagram(**DIAGRAM), *"phase-diagram --alpha 0.2:1.4:12 --w 0,1,2 --sigma2 0.25".split())

    def test_few_class_entropy(self) -> None:
        self.same(
            cfg_dmft.few_class_entropy(centres=[1, -1], w=[0, 1, 4], samples=500, sampler="sde"),
            *["few-class", "entropy", "--centres", "1;-1"],
            *"--w 0,1,4 --samples 500 --sampler sde".split(),
        )

    def test_schedule_design(self) -> None:
        self.same(
            cfg_dmft.schedule_design(alpha=0.45, sigma2=0.3, family="two-level", steps=4),
            *"schedule design --alpha 0.45 --sigma2 0.3 --family two-level --steps 4".split(),
        )

    def test_simulate(self) -> None:
        self.same(
            cfg_dmft.simulate(
                d=8, alpha=0.4, w=1, sigma2=0.25, particles=20, realizations=2, steps=8, histogram=["m:0:2:4", "v:0:1:4"]
            ),
            *"simulate --d 8 --alpha 0.4 --w 1 --sigma2 0.25 --particles 20 --realizations 2 --steps 8".split(),
            *"--histogram m:0:2:4 --histogram v:0:1:4".split(),
            without=("seconds", "pairsPerSecond"),
        )


class Batches(unittest.TestCase):
    """Several runs in one call."""

    def test_columns_are_the_results_of_single_runs(self) -> None:
        alphas = [0.1, 0.5, 0.9]
        many = cfg_dmft.solve(alpha=alphas, w=1, sigma2=[0.25])
        self.assertEqual(list(many)[:3], ["alpha", "sigma2", "m"])
        self.assertEqual(list(many.sigma2), [0.25] * 3)
        for i, alpha in enumerate(alphas):
            one = cfg_dmft.solve(alpha=alpha, w=1, sigma2=0.25)
            self.assertEqual(many.m[i], one.m)
            self.assertEqual(many["distortion.meanShift"][i], one.distortion.meanShift)
            self.assertEqual(many.phase[i], one.phase)
        self.assertEqual(many.failures, [])

    def test_a_run_that_fails_is_missing_alone(self) -> None:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            many = cfg_dmft.solve(alpha=[0.5, -1, 0.5], w=1, sigma2=0.25)
        self.assertEqual([str(one.message) for one in told], ["1 of 3 runs failed; number 1: " + str(many.failures[0].error)])
        self.assertIs(told[0].category, cfg_dmft.CfgDmftWarning)
        self.assertEqual(told[0].filename, __file__)
        self.assertEqual(many.failures[0].index, 1)
        self.assertIsInstance(many.failures[0].error, cfg_dmft.ParameterError)
        self.assertEqual(many.m[0], many.m[2])
        self.assertTrue(many.m[1] is None or math.isnan(many.m[1]))

    def test_a_mistake_of_all_runs_is_raised(self) -> None:
        with self.assertRaisesRegex(cfg_dmft.ParameterError, "^sigma2 must be a finite number > 0, got -1"):
            cfg_dmft.solve(alpha=[0.1, 0.2], w=1, sigma2=-1)

    def test_lists_that_do_not_fit_are_refused(self) -> None:
        with self.assertRaisesRegex(cfg_dmft.ParameterError, r"^w must be a list as long as alpha \(3\), got 2 entries$"):
            cfg_dmft.solve(alpha=[0.1, 0.2, 0.3], w=[1, 2], sigma2=0.25)
        with self.assertRaisesRegex(cfg_dmft.ParameterError, "^t_max must be a list with an entry"):
            cfg_dmft.solve(alpha=0.1, w=1, sigma2=0.25, t_max=[])
        with self.assertRaisesRegex(cfg_dmft.ParameterError, "one dimension"):
            cfg_dmft.solve(alpha=[[0.1, 0.2]], w=1, sigma2=0.25)  # type: ignore[list-item]


class Errors(unittest.TestCase):
    """Refusals in the names of Python."""

    def test_a_parameter(self) -> None:
        with self.assertRaises(ValueError) as caught:
            cfg_dmft.solve(alpha=0.5, w=1, sigma2=0.25, t_max=-3)
        error = caught.exception
        assert isinstance(error, cfg_dmft.ParameterError)
        self.assertEqual(str(error), "t_max must be a finite number > 0, got -3")
        self.assertEqual((error.parameter, error.condition, error.value), ("t_max", "a finite number > 0", -3))
        again = pickle.loads(pickle.dumps(error))
        self.assertEqual((str(again), again.parameter, again.value), (str(error), "t_max", -3))

    def test_others_are_named_as_python_has_them(self) -> None:
        with self.assertRaises(cfg_dmft.ParameterError) as caught:
            cfg_dmft.simulate(d=8, alpha=0.4, w=1, sigma2=0.25, centre_overlap=0.5)
        self.assertEqual(caught.exception.parameter, "centre_overlap")
        self.assertRegex(str(caught.exception), "^centre_overlap must be given with mode two-class, got 0.5$")

    def test_nan_and_a_function(self) -> None:
        with self.assertRaisesRegex(cfg_dmft.ParameterError, "^alpha must be .*NaN"):
            cfg_dmft.solve(alpha=math.nan, w=1, sigma2=0.25)
        with self.assertRaisesRegex(TypeError, "^schedule must be a number, a text or a list, got function$"):
            cfg_dmft.solve(alpha=0.5, sigma2=0.25, schedule=lambda t: t)  # type: ignore[arg-type]

    def test_an_unknown_keyword(self) -> None:
        with self.assertRaises(TypeError):
            cfg_dmft.solve(alpha=0.5, w=1, sigma2=0.25, sigma=1)  # type: ignore[call-arg]

    def test_a_computation_that_cannot_be_completed(self) -> None:
        with self.assertRaises(ArithmeticError) as caught:
            cfg_dmft.solve(alpha=0.5, w=1e6, sigma2=1e-12)
        assert isinstance(caught.exception, cfg_dmft.NumericalFailure)
        self.assertRegex(str(caught.exception), "give a larger tolerance$")
        self.assertEqual(caught.exception.remedy, "give a larger tolerance")

    def test_an_unknown_method(self) -> None:
        with self.assertRaisesRegex(cfg_dmft.ParameterError, "did you mean"):
            cfg_dmft.default_server().request("solv", {"alpha": 1})


class Values(unittest.TestCase):
    """What may be given."""

    def test_infinity(self) -> None:
        self.assertEqual(cfg_dmft.solve(alpha=math.inf, w=1, sigma2=0.25).record.problem.alpha, "infinity")

    def test_points_and_matrices(self) -> None:
        problem = cfg_dmft.few_class_confidence(
            centres=[[1, 0], [-1, 0]], covariance=[[[1, 0], [0, 2]], [[1, 0], [0, 1]]], weights=[0.25, 0.75], w=[0]
        ).record.problem
        self.assertEqual(differences(problem.covariance, [[[1, 0], [0, 2]], [[1, 0], [0, 1]]]), [])
        self.assertEqual(differences(problem.centres, [[1, 0], [-1, 0]]), [])
        one = cfg_dmft.few_class_confidence(centres=[1, -1], covariance=[0.5, 0.25], w=0).record.problem
        self.assertEqual(differences(one.covariance, [[[0.5]], [[0.25]]]), [])
        same = cfg_dmft.few_class_confidence(centres=[[1, 0], [-1, 0]], covariance=[[1, 0.5], [0.5, 1]], w=0)
        self.assertEqual(differences(same.record.problem.covariance, [[[1, 0.5], [0.5, 1]]]), [])

    def test_settings_and_words(self) -> None:
        shown = cfg_dmft.schedule_show(name="limited-interval", w=2, set={"sigma_lo": 0.25})
        self.assertEqual(shown.schedule.parameters.sigma_lo, 0.25)
        compared = cfg_dmft.few_class_entropy(centres=[1, -1], w=1, method=["density", "vasicek"], samples=100)
        self.assertEqual(len(compared.curves), 2)

    def test_files_lie_where_python_is(self) -> None:
        cfg_dmft.solve(alpha=0.5, w=1, sigma2=0.25)  # the server runs, in the folder of its start
        before = os.getcwd()
        with tempfile.TemporaryDirectory() as folder:
            try:
                os.chdir(folder)
                cfg_dmft.solve(alpha=0.5, w=1, sigma2=0.25, out="here")
                self.assertEqual(sorted(os.listdir("here")), ["solve.csv", "solve.html", "solve.json"])
                with self.assertRaisesRegex(cfg_dmft.ParameterError, "force"):
                    cfg_dmft.solve(alpha=0.5, w=1, sigma2=0.25, out=Path("here"))
                cfg_dmft.solve(alpha=0.5, w=1, sigma2=0.25, out=Path("here"), force=True)
            finally:
                os.chdir(before)

    def test_functions_of_the_library(self) -> None:
        self.assertIn("closed-forms.infiniteClasses", cfg_dmft.functions())
        self.assertEqual(cfg_dmft.call("cfg-dmft.coefficientFromScale", 3), 2)
        self.assertEqual(cfg_dmft.call("coefficientFromScale", 3.5), 2.5)
        with self.assertRaises(cfg_dmft.ParameterError):
            cfg_dmft.call("coefficientFromScale", math.inf)


class Results(unittest.TestCase):
    """What comes back."""

    def test_keys_are_attributes(self) -> None:
        result = cfg_dmft.solve(alpha=0.5, w=1, sigma2=0.25)
        self.assertEqual(result.m, result["m"])
        self.assertEqual(result.crossings[0].kind, result["crossings"][0]["kind"])
        with self.assertRaisesRegex(AttributeError, "no mm; its keys are m, q"):
            result.mm
        self.assertIn("distortion", dir(result))
        for again in (copy.deepcopy(result), pickle.loads(pickle.dumps(result))):
            self.assertEqual(again, result)
            self.assertEqual(again.notes, result.notes)

    def test_arrays(self) -> None:
        diagram = cfg_dmft.phase_diagram(**DIAGRAM)
        self.assertEqual(len(diagram.m), 3)
        if os.environ["CFG_DMFT_TEST_NUMPY"] == "0":
            self.assertIsNone(numpy)
            self.assertIsInstance(diagram.m[0], list)
        else:
            self.assertEqual(diagram.m.shape, (3, 12))
            self.assertEqual(diagram.m.dtype, float)
            diagram.m[0, 0] = 7  # one's own copy
            shape = cfg_dmft.solve(alpha=numpy.linspace(0.1, 1, 3), w=numpy.float32(1), sigma2=0.25).m.shape
            self.assertEqual(shape, (3,))

    def test_a_notebook_is_not_flooded(self) -> None:
        diagram = cfg_dmft.phase_diagram(**DIAGRAM)
        self.assertLess(len(repr(diagram)), 500)
        self.assertLess(len(diagram._repr_html_()), 900)
        self.assertIn("phase-diagram", repr(diagram))
        self.assertIn("<th>criticalAlpha</th>", diagram._repr_html_())
        self.assertNotIn("record", repr(diagram))
        shown = cfg_dmft.schedule_evaluate(alpha=0.5, sigma2=0.25, schedule="t < 1 ? 1 : 0")._repr_html_()
        self.assertIn("t &lt; 1", shown)

    def test_notes_are_logged(self) -> None:
        with self.assertLogs("cfg_dmft", "WARNING") as logged:
            result = cfg_dmft.solve(classes=10, d=784 * 100, w=1, sigma2=0.25)
        self.assertEqual([one.getMessage() for one in logged.records], list(result.notes))
        self.assertRegex(result.notes[0], "^alpha = .* is very small: d is the effective dimension")

    @unittest.skipIf(pandas is None, "needs pandas")
    def test_frames(self) -> None:
        frame = cfg_dmft.phase_diagram(**DIAGRAM).to_pandas()
        self.assertEqual(frame.shape, (36, 8))
        self.assertEqual(list(frame.columns[:3]), ["alpha", "w", "m"])
        one = cfg_dmft.solve(alpha=0.5, w=1, sigma2=0.25)
        self.assertEqual(one.to_pandas()["distortion.meanShift"][0], one.distortion.meanShift)
        path = cfg_dmft.solve(alpha=0.5, w=1, sigma2=0.25, trajectory=4).to_pandas()
        self.assertEqual((len(path), list(path.columns[:2])), (4, ["time", "m"]))
        many = cfg_dmft.solve(alpha=[0.1, 0.2], w=1, sigma2=0.25).to_pandas()
        self.assertEqual(list(many.alpha), [0.1, 0.2])
        rows = cfg_dmft.compare(alpha=0.4, w=1, d=8, sigma2=0.25, particles=10, realizations=2, steps=5)
        self.assertIn("observable", rows.to_pandas().columns)


if __name__ == "__main__":
    unittest.main()
