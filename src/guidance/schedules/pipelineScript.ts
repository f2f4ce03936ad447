import {
  ParameterError,
  requireChoice,
  requireKnownKeys,
  requireList,
  requireMembers,
  requireText,
} from '../../numerics/checks.ts';
import { pipelineModelNames, pipelineModels, type PipelineModelName } from './pipelineModels.ts';
import type { StepScale } from './stepScales.ts';

/** Programs for which {@link pipelineScript} writes. */
export const pipelineTools = ['diffusers', 'comfyui', 'invokeai'] as const;

/** One of {@link pipelineTools}. */
export type PipelineTool = (typeof pipelineTools)[number];

/** Request of {@link pipelineScript}. */
export interface ScriptRequest {
  readonly steps: readonly StepScale[];
  readonly tool: PipelineTool;
  /** Model whose weights the script loads; null: any, and the script takes its name. */
  readonly model: PipelineModelName | null;
  /** Command that made the list, for the reader. */
  readonly command: string;
}

/**
 * A Python file that gives every step of a pipeline its own guidance scale.
 * - diffusers: a guider, which follows any scale, for modular pipelines; for the older pipelines, of which there are more, a function that
 *   keeps the unconditional pass at scales up to 1. Run as a program it draws a picture.
 * - comfyui: a node that patches a model. A step is known by its noise, so that any sampler can be used.
 * - invokeai: a node that makes the list for the input "CFG Scale" of the node "Denoise". That node refuses scales below 1.
 * @throws ParameterError for scales or a model that the tool cannot follow
 */
export function pipelineScript(request: ScriptRequest): string {
  requireKnownKeys('request', request, ['steps', 'tool', 'model', 'command']);
  const { steps, tool, model, command } = request;
  if (model !== null) requireChoice('model', model, pipelineModelNames);
  requireChoice('tool', tool, pipelineTools);
  requireText('command', command);
  requireList('steps', steps, (parameter, step) => {
    requireMembers(parameter, step, { step: 'number', scale: 'number' });
  });
  if (steps.length === 0) throw new ParameterError('steps', 'a list of steps', steps);
  if (model !== null && !pipelineModels[model].isGuided && tool !== 'comfyui')
    throw new ParameterError(
      'tool',
      `comfyui for ${model}, whose pipelines take the scale as an input`,
      tool,
    );
  if (tool === 'comfyui') return comfyui(steps, command);
  if (tool === 'invokeai') return invokeai(steps, command);
  return diffusers(steps, command, model === null ? null : pipelineModels[model].weights);
}

/** The opening of a file: what it is, and where it comes from. */
function opening(title: string, command: string, use: readonly string[]): string {
  // A docstring of Python ends with three quotes, and reads backslashes.
  const quoted = command.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  return ['"""', title, '', `Made by: ${quoted}`, '', ...use, '"""', ''].join('\n');
}

/** A list of Python, one entry a line. */
function list(name: string, entries: readonly string[]): string {
  return [`${name} = [`, ...entries.map((entry) => `    ${entry},`), ']', ''].join('\n');
}

/** A number without the rounding of its last digits. */
const digits = (value: number) => String(Number(value.toPrecision(12)));

/** Scales, each with its place in a comment. */
function scaleList(steps: readonly StepScale[]): string {
  const place = ({ step, timestep, sigma }: StepScale) =>
    [
      `step ${step}`,
      ...(timestep === null ? [] : [`timestep ${Number(timestep.toPrecision(6))}`]),
      sigma === null ? 'pure noise' : `sigma ${Number(sigma.toPrecision(6))}`,
    ].join(', ');
  return ['SCALES = [', ...steps.map((step) => `    ${digits(step.scale)},  # ${place(step)}`), ']', ''].join(
    '\n',
  );
}

function diffusers(steps: readonly StepScale[], command: string, weights: string | null): string {
  const count = steps.length;
  return [
    opening(`A guidance scale for each of the ${count} steps of a diffusers pipeline.`, command, [
      'Modular pipelines:  pipe.update_components(guider=ScheduledGuidance())',
      'Other pipelines:    pipe(prompt, **follow_schedule(pipe))',
      `As a program:       python3 schedule-diffusers.py PROMPT${weights === null ? ' --model NAME' : ''}`,
    ]),
    'import argparse',
    '',
    'from diffusers import ClassifierFreeGuidance',
    '',
    scaleList(steps),
    '',
    'class ScheduledGuidance(ClassifierFreeGuidance):',
    '    """Classifier-free guidance with the scale SCALES[step]. Unlike a pipeline\'s own, it follows scales below 1."""',
    '',
    '    def set_state(self, step, num_inference_steps, timestep):',
    '        check(num_inference_steps)',
    '        super().set_state(step, num_inference_steps, timestep)',
    '        self.guidance_scale = SCALES[step]',
    '',
    '',
    'def check(num_inference_steps):',
    '    if num_inference_steps != len(SCALES):',
    '        raise ValueError(f"the schedule has {len(SCALES)} steps, the pipeline {num_inference_steps}")',
    '',
    '',
    'def follow_schedule(pipe):',
    '    """Arguments for a pipeline without a guider, whose scale is set after each step for the next one."""',
    '',
    '    class Scheduled(type(pipe)):',
    '        # By itself a pipeline leaves out the unconditional model at scales up to 1.',
    '        do_classifier_free_guidance = property(lambda self: True)',
    '',
    '    def set_scale(pipe, step, timestep, callback_kwargs):',
    '        check(pipe.num_timesteps)',
    '        if step + 1 < len(SCALES):',
    '            pipe._guidance_scale = SCALES[step + 1]',
    '        return callback_kwargs',
    '',
    '    pipe.__class__ = Scheduled',
    '    return {',
    '        "guidance_scale": SCALES[0],',
    '        "num_inference_steps": len(SCALES),',
    '        "callback_on_step_end": set_scale,',
    '    }',
    '',
    '',
    'def main():',
    '    parser = argparse.ArgumentParser(description="Draw a picture with the guidance schedule of this file.")',
    '    parser.add_argument("prompt")',
    `    parser.add_argument("--model", ${weights === null ? 'required=True' : `default=${JSON.stringify(weights)}`})`,
    '    parser.add_argument("--out", default="picture.png")',
    '    parser.add_argument("--device", default="cuda")',
    '    options = parser.parse_args()',
    '    from diffusers import DiffusionPipeline',
    '',
    '    pipe = DiffusionPipeline.from_pretrained(options.model).to(options.device)',
    '    pipe(options.prompt, **follow_schedule(pipe)).images[0].save(options.out)',
    '',
    '',
    'if __name__ == "__main__":',
    '    main()',
    '',
  ].join('\n');
}

function comfyui(steps: readonly StepScale[], command: string): string {
  // ComfyUI measures the noise of a flow by its time t in (0, 1].
  const isFlow = steps.some(({ sigma, timestep }) => sigma === null && timestep !== null);
  const sigmaOf = ({ sigma, timestep }: StepScale) =>
    isFlow ? digits(timestep! / 1000) : sigma === null ? 'float("inf")' : digits(sigma);
  return [
    opening('A ComfyUI node: guidance with a scale of its own at every noise level.', command, [
      'Copy this file into custom_nodes, and put the node "Guidance schedule" between the model and the sampler.',
      "The sampler's own cfg is not used. A scale holds from its noise level down to the next one.",
    ]),
    list('SIGMAS', steps.map(sigmaOf)),
    scaleList(steps),
    '',
    'def scale_at(sigma):',
    '    """Scale of the last listed noise level that has been reached, within rounding."""',
    '    reached = [i for i, level in enumerate(SIGMAS) if sigma <= level * (1 + 1e-4)]',
    '    return SCALES[reached[-1] if reached else 0]',
    '',
    '',
    'def guide(args):',
    '    cond, uncond = args["cond"], args["uncond"]',
    '    return uncond + scale_at(float(args["sigma"].max())) * (cond - uncond)',
    '',
    '',
    'class GuidanceSchedule:',
    '    @classmethod',
    '    def INPUT_TYPES(cls):',
    '        return {"required": {"model": ("MODEL",)}}',
    '',
    '    RETURN_TYPES = ("MODEL",)',
    '    FUNCTION = "patch"',
    '    CATEGORY = "model_patches"',
    '',
    '    def patch(self, model):',
    '        patched = model.clone()',
    '        # The unconditional model is needed at every step, a cfg of 1 included.',
    '        patched.set_model_sampler_cfg_function(guide, disable_cfg1_optimization=True)',
    '        return (patched,)',
    '',
    '',
    'NODE_CLASS_MAPPINGS = {"GuidanceSchedule": GuidanceSchedule}',
    'NODE_DISPLAY_NAME_MAPPINGS = {"GuidanceSchedule": "Guidance schedule"}',
    '',
  ].join('\n');
}

function invokeai(steps: readonly StepScale[], command: string): string {
  const low = steps.find(({ scale }) => scale < 1);
  if (low !== undefined)
    throw new ParameterError(
      'tool',
      `diffusers or comfyui for a scale below 1 (step ${low.step}: ${digits(low.scale)}), which the nodes of InvokeAI refuse`,
      'invokeai',
    );
  return [
    opening('An InvokeAI node: the guidance scale of every step of "Denoise".', command, [
      'Copy this file into the folder nodes, and connect its output to the input "CFG Scale".',
      `The number of steps there must be ${steps.length}.`,
    ]),
    'from invokeai.app.invocations.baseinvocation import BaseInvocation, invocation',
    'from invokeai.app.invocations.primitives import FloatCollectionOutput',
    '',
    scaleList(steps),
    '',
    '@invocation("guidance_schedule", title="Guidance schedule", tags=["guidance", "cfg"], category="latents", version="1.0.0")',
    'class GuidanceScheduleInvocation(BaseInvocation):',
    '    """Guidance scale of every step."""',
    '',
    '    def invoke(self, context) -> FloatCollectionOutput:',
    '        return FloatCollectionOutput(collection=SCALES)',
    '',
  ].join('\n');
}
