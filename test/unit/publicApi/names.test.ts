import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { entryPoints } from '../structure/entryPoints.ts';
import { examples } from './examples.ts';

/** The public values of each entry point: to add one is a decision. */
const publicNames: Readonly<Record<string, string>> = {
  'cfg-dmft': `
    NumericalFailure ParameterError coefficientFromScale competingClasses constantSchedule
    criticalClassRate criticalLine defaultPotentialTimes gradientFlow guidanceOf guidedPotential guidedProblem
    linearInterpolant ornsteinUhlenbeck parseFormula phaseDiagram potentialTable predictedError probabilityFlow processes
    requiredDimension reverseSde samplerWithEta samplers scaleFromCoefficient simulateSpec
    solveOrderParameters symbolicGuidedPotential trajectory universalBoundary varianceExploding`,
  'cfg-dmft/guidance': `
    compileSchedule distortion formCatalogue guidanceBudget modelGrid noiseLevels parseForm pipelineModels
    pipelineScript refusedForms scheduleCatalogue
    scheduleInClock stepScales writeEvenSteps writeSchedule writeSigmaSteps writeSigmaTable writeTable`,
  'cfg-dmft/closed-forms': `
    bandsFinalState classRateAtTransition closedFormCriticalClassRate complexity effectiveGuidanceSlopes finalState
    guidedGaussian infiniteClasses levelsFinalState miscalibratedOverlapRatio miscalibratedVarianceRatio
    neutralTemperature neutralTransition overlapRatio scheduledOverlap scheduledVarianceRatio
    smallAlphaMeanShift smallAlphaParallelVariance smallAlphaShare smallAlphaVarianceShift
    speciationTime transitionRatio varianceRatio`,
  'cfg-dmft/particles': `
    chooseKernel drawCentres infiniteClassesPair logDensity mergeTasks openEngine particleDefaults particleProblem
    planSimulation planTasks posterior projectGaussianPair runRange simulateFull simulateGaussianPair
    simulateReduced simulateTwoClasses unconditionalScore`,
  'cfg-dmft/finite-size': `
    crossingPoints deviation disorderCorrection disorderRate finiteSizeCoefficients fitCollapse
    fitInverseDimension fitPowerLaw measureDisorderShift particleRows smoothedMeanField theoryRows
    validityMap`,
  'cfg-dmft/structured': `
    coordinateDensity levelTransitions marchenkoPasturBands nodeError parseCentreLaw parseLevels parseSpectrum posteriorMeanLaw powerLawBands simulateStructured solveStructured
    structuredPotential structuredPotentialTimes structuredTrajectory transitionCurve valuesLaw`,
  'cfg-dmft/latents': `
    classGaussianity classMoments classOutcome diagnosisWarnings fitClasses guidedSamples latentScaleOf matrixMeanField memoryBytes
    openLatents planDiagnosis`,
  'cfg-dmft/few-classes': `
    confidenceAlongPath confidenceCurve contractionThreshold diffuseMixture discreteDensity1d
    entropyCurve flowDensity1d flowEnd fokkerPlanckDensity1d instabilityThreshold labelledMixture
    oneStepMap outputDensity2d simulateEndpoints splittingDiagram splittingThreshold vasicekEntropy`,
  'cfg-dmft/classifiers': `
    biasedClassifier classifierGuidedScore exactClassifier measureClassifier outputErrors predictRipple
    randomClasses rippleFor rippleLine rippledClassifier samplePoints solveMiscalibrated studyDefaults
    studyFamilies studyRipples temperatureClassifier trainClassifier`,
  'cfg-dmft/design': `
    defaultTarget designSchedule discretisedOutcome frontAtLoss paretoFront replaceConstant
    restoredCoefficients scheduleOutcome
    standardOutcomes`,
  'cfg-dmft/claims': `
    above agreement below claimOfRuns claims curve difference identity judge measureClaim minus over
    planSimulations points problemOf ratio run`,
  'cfg-dmft/figures': `
    chartsFigure claimFigure classifierCounterexampleFigure classifierErrorFigure comparisonFigure diagnosisFigure diagnosisRows
    distortionFigure
    fewClassDensityFigure fewClassSplitFigure figureCsv figurePage palette phaseDiagramFigure plotConfig
    potentialFigure restyled scheduleParetoFigure scheduleShapeFigure tableFile trajectoryFigure validityFigure`,
  'cfg-dmft/images': `
    imageFormats imageWidths openImageMaker plotlySource`,
  'cfg-dmft/threads': `
    defaultWorkers designInThread fileBytes measureClaims runDiagnosis runSimulation runStructured`,
};

/** Public functions that are not in the trial by bad calls, with the reason. */
const untried: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['above', 'agreement', 'below', 'identity', 'claimOfRuns'].map((name) => [
      name,
      'judge reads their result',
    ]),
  ),
  ...Object.fromEntries(['curve', 'points'].map((name) => [name, 'claimFigure reads their result'])),
  ...Object.fromEntries(
    ['difference', 'minus', 'over', 'ratio'].map((name) => [name, 'arithmetic of numbers with errors']),
  ),
  chartsFigure: 'test/unit/figures/charts tries it',
  ...Object.fromEntries(['openImageMaker', 'plotlySource'].map((name) => [name, 'takes no arguments'])),
  problemOf: 'solveOrderParameters reads its result',
  run: 'requestOf reads its arguments',
  ...Object.fromEntries(
    [
      'defaultWorkers',
      'designInThread',
      'fileBytes',
      'measureClaims',
      'runDiagnosis',
      'runSimulation',
      'runStructured',
    ].map((name) => [name, 'test/unit/threads tries them']),
  ),
};

const words = (text: string) => text.trim().split(/\s+/);
const modules = await Promise.all(
  entryPoints().map(async ({ specifier, source }) => ({
    specifier,
    text: readFileSync(source, 'utf8'),
    values: (await import(source)) as Record<string, unknown>,
  })),
);

describe('public names', () => {
  it.each(modules)('$specifier gives those that are listed', ({ specifier, values }) => {
    expect(Object.keys(values).sort()).toEqual(words(publicNames[specifier] ?? ''));
  });

  it('every name is in one entry point', () => {
    const all = modules.flatMap(({ values }) => Object.keys(values));
    expect(all.filter((name, i) => all.indexOf(name) !== i)).toEqual([]);
  });

  it('every entry point opens with what it is for and 4 to 15 of its names', () => {
    for (const { specifier, text, values } of modules.filter((one) => one.specifier !== 'cfg-dmft/threads')) {
      const opening = /^\/\*\*([\s\S]*?)\*\//.exec(text)?.[1] ?? '';
      const named = [...opening.matchAll(/\{@link (\w+)\}/g)].map(([, name]) => name!);
      expect(named.length, specifier).toBeGreaterThanOrEqual(4);
      expect(named.length, specifier).toBeLessThanOrEqual(15);
      expect(
        named.filter((name) => !(name in values)),
        specifier,
      ).toEqual([]);
    }
  });

  it('every public function is tried with bad calls, or has its reason', () => {
    const functions = modules.flatMap(({ values }) =>
      Object.entries(values).filter(
        ([, value]) => typeof value === 'function' && !/^class\b/.test(value.toString()),
      ),
    );
    const missing = functions
      .map(([name]) => name)
      .filter((name) => !(name in examples) && !(name in untried));
    expect(missing).toEqual([]);
  });
});
