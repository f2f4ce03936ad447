import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

// What the scripts need of the programs that they are for, written from their documentation. Predictions are numbers: the conditional
// one is 1 and the unconditional one 0, so that the guided one is the scale.
const diffusers = `
class ClassifierFreeGuidance:
    def __init__(self, guidance_scale=7.5):
        self.guidance_scale = guidance_scale

    def set_state(self, step, num_inference_steps, timestep):
        self._step = step

    def forward(self, pred_cond, pred_uncond=None):
        if self.guidance_scale == 1.0:
            return pred_cond
        return pred_uncond + self.guidance_scale * (pred_cond - pred_uncond)


class DiffusionPipeline:
    """A pipeline without a guider: no unconditional model at scales up to 1."""

    @property
    def do_classifier_free_guidance(self):
        return self._guidance_scale > 1

    @property
    def guidance_scale(self):
        return self._guidance_scale

    def __call__(self, prompt, guidance_scale=7.5, num_inference_steps=50, callback_on_step_end=None):
        self._guidance_scale = guidance_scale
        self.num_timesteps = num_inference_steps
        guided = []
        for i in range(num_inference_steps):
            cond, uncond = 1.0, 0.0
            guided.append(uncond + self.guidance_scale * (cond - uncond) if self.do_classifier_free_guidance else cond)
            if callback_on_step_end is not None:
                callback_on_step_end(self, i, 1000 - i, {})
        return guided


class ModularPipeline:
    def __init__(self):
        self.guider = ClassifierFreeGuidance()

    def update_components(self, guider):
        self.guider = guider

    def __call__(self, prompt, num_inference_steps=50):
        guided = []
        for i in range(num_inference_steps):
            self.guider.set_state(step=i, num_inference_steps=num_inference_steps, timestep=1000 - i)
            guided.append(self.guider.forward(1.0, 0.0))
        return guided
`;
const invokeai = {
  'invokeai/app/invocations/baseinvocation.py': `
class BaseInvocation:
    pass

def invocation(name, **words):
    return lambda one: one
`,
  'invokeai/app/invocations/primitives.py': `
class FloatCollectionOutput:
    def __init__(self, collection):
        self.collection = collection
`,
};

/** Scales that a file of the program makes a stand-in use, and those of its own table. */
function scalesIn(args: readonly string[], tool: string, run: string): { used: number[]; listed: number[] } {
  const folder = mkdtempSync(join(tmpdir(), 'cfg-dmft-pipelines-'));
  const made = spawnSync(
    process.execPath,
    ['dist/cli/main.js', 'schedule', ...args, '--for', tool, '--out', folder, '--force', '--json'],
    { encoding: 'utf8' },
  );
  expect(made.stderr).not.toContain('error');
  const { steps } = JSON.parse(made.stdout) as { steps: { scale: number }[] };
  expect(readdirSync(folder)).toContain(`schedule-${tool}.py`);
  const lines = readFileSync(join(folder, 'schedule-steps.csv'), 'utf8').trim().split('\r\n').slice(1);
  expect(lines.map((line) => Number(line.split(',')[3]))).toEqual(steps.map(({ scale }) => scale));
  writeFileSync(join(folder, 'diffusers.py'), diffusers);
  for (const [name, text] of Object.entries(invokeai)) {
    spawnSync('mkdir', ['-p', join(folder, name, '..')]);
    writeFileSync(join(folder, name), text);
  }
  const python = spawnSync(
    'python3',
    ['-c', `import importlib, json\nmade = importlib.import_module("schedule-${tool}")\n${run}`],
    { cwd: folder, encoding: 'utf8', env: { ...process.env, PYTHONPATH: folder } },
  );
  expect(python.stderr).toBe('');
  return { used: JSON.parse(python.stdout) as number[], listed: steps.map(({ scale }) => scale) };
}

const design = ['design', '--alpha', '0.45', '--sigma2', '0.3'];
const above = ['evaluate', '--alpha', '0.5', '--sigma2', '0.25', '--name', 'cosine', '--scale', '4'];

const cases: readonly (readonly [string, readonly string[], string, string])[] = [
  [
    'diffusers, a guider',
    [...design, '--steps', '30', '--model', 'sdxl'],
    'diffusers',
    `from diffusers import ModularPipeline
pipe = ModularPipeline()
pipe.update_components(guider=made.ScheduledGuidance())
print(json.dumps(pipe("a cat", num_inference_steps=len(made.SCALES))))`,
  ],
  [
    'diffusers, a pipeline without one',
    [...design, '--steps', '20', '--model', 'sd15'],
    'diffusers',
    `from diffusers import DiffusionPipeline
pipe = DiffusionPipeline()
print(json.dumps(pipe("a cat", **made.follow_schedule(pipe))))`,
  ],
  [
    'ComfyUI, also between the listed noise levels',
    [...design, '--steps', '12', '--model', 'sd3'],
    'comfyui',
    `class Sigma:
    def __init__(self, value):
        self.value = value
    def max(self):
        return self.value
class Model:
    def clone(self):
        return Model()
    def set_model_sampler_cfg_function(self, function, disable_cfg1_optimization=False):
        assert disable_cfg1_optimization
        self.function = function
(patched,) = made.NODE_CLASS_MAPPINGS["GuidanceSchedule"]().patch(Model())
at = lambda sigma: patched.function({"cond": 1.0, "uncond": 0.0, "cond_scale": 8.0, "sigma": Sigma(sigma)})
between = [at(0.5 * (a + b)) for a, b in zip(made.SIGMAS, made.SIGMAS[1:])]
assert between == made.SCALES[:-1], between
print(json.dumps([at(sigma) for sigma in made.SIGMAS]))`,
  ],
  [
    'InvokeAI',
    [...above, '--steps', '10', '--model', 'sd15'],
    'invokeai',
    'print(json.dumps(made.GuidanceScheduleInvocation().invoke(None).collection))',
  ],
];

it.each(cases)('%s: the script gives every step the scale of the table', (_, args, tool, run) => {
  const { used, listed } = scalesIn(args, tool, run);
  expect(used).toHaveLength(listed.length);
  used.forEach((scale, i) => {
    expect(Math.abs(scale - listed[i]!)).toBeLessThan(1e-10);
  });
  if (tool !== 'invokeai') expect(Math.min(...listed)).toBeLessThan(1);
});

it('another number of steps is refused by the script', () => {
  const run = `from diffusers import ModularPipeline
pipe = ModularPipeline()
pipe.update_components(guider=made.ScheduledGuidance())
try:
    pipe("a cat", num_inference_steps=7)
except ValueError as error:
    assert str(error) == "the schedule has 20 steps, the pipeline 7", error
    print("[]")`;
  expect(scalesIn([...above, '--steps', '20'], 'diffusers', run).used).toEqual([]);
});
