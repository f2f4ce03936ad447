// Command lines whose numbers stay the same to the last bit while the code behind them is moved: a cross-section of everything
// that is computed, small enough to run with every test.
export const lines: readonly string[] = [
  // Trajectories.
  'solve --alpha 0.5 --w 1 --sigma2 0.25 --trajectory 40',
  'solve --alpha 0.5 --w 1 --sigma2 0.25 --eta 1 --trajectory 40',
  'solve --alpha 0.3 --w 3 --sigma2 2 --eta 0.5 --ensemble spherical --process ve',
  'solve --alpha 1.7 --w 0.4 --sigma2 150 --ensemble spherical',
  'solve --alpha 0.05 --w 7 --sigma2 0.01 --average annealed',
  'solve --alpha infinity --w 2 --sigma2 0.25 --eta 2',
  'solve --alpha 0.5 --w 1 --sigma2 0.25 --t-max 0.98 --process flow',
  'solve --alpha 0.45 --sigma2 0.3 --eta 1 --schedule "t > 0.95 ? 1.45 : -0.53"',
  'solve --alpha 0.5 --sigma2 0.25 --schedule "2000*exp(-((t-1.001)/0.0005)^2)"',
  'solve --alpha 0.4 --w 2 --sigma2 0.25 --form power:exponent=0.5',
  'solve --alpha 0.4 --w 2 --sigma2 0.25 --integrator cash-karp --tolerance 1e-8',
  'potential --alpha 0.5 --w 1 --sigma2 0.25 --times 1,0.46,0.1',
  'transition --w 1 --alpha 0.5 --sigma2 0.25',
  'transition --w 2 --sigma2 3 --eta 0.7 --ensemble spherical',
  'transition --sigma2 0.25 --schedule "2*exp(-t)"',
  'phase-diagram --alpha 0.1:1.5:5 --w 0:4:4 --sigma2 0.25',
  // Simulations.
  'simulate --d 10 --alpha 0.4 --w 1 --sigma2 0.25 --particles 40 --realizations 3 --steps 8',
  'simulate --d 9 --alpha 0.5 --w 2 --sigma2 0.5 --eta 1 --particles 30 --realizations 2 --steps 9 --times 0.5,0 --histogram m:0:2:6',
  'simulate --d 7 --classes 40 --w -0.5 --sigma2 2 --eta 0.5 --ensemble spherical --particles 20 --realizations 2 --steps 6',
  'simulate --d 12 --alpha 0.3 --w 1 --sigma2 0.25 --particles 20 --realizations 2 --method heun --t-max 4 --steps 30',
  'simulate --d 12 --alpha 0.3 --w 1 --sigma2 0.25 --eta 1 --particles 20 --realizations 2 --method ddpm --steps 12',
  'simulate --mode reduced --d 400 --alpha 0.5 --w 1 --sigma2 0.25 --particles 50 --realizations 2 --steps 20',
  'simulate --mode reduced --d 64 --alpha 0.5 --w 1 --sigma2 0.25 --eta 1 --ensemble spherical --particles 30 --realizations 2 --steps 15',
  'simulate --classes 2 --d 300 --w 3 --sigma2 0.25 --eta 1 --mode reduced --particles 60 --realizations 2 --steps 12',
  'simulate --d 8 --alpha 0.5 --w 2 --sigma2 0.25 --form rescaled --particles 20 --realizations 2 --steps 8',
  'simulate --d 8 --alpha 0.5 --sigma2 0.25 --schedule "t > 0.5 ? 2 : 0" --particles 20 --realizations 2 --steps 8 --process flow',
  // Schedules.
  'schedule evaluate --alpha 0.5 --sigma2 0.25 --name limited-interval --scale 4 --set sigma_lo=0.28,sigma_hi=5.42 --sigmas 14.6,5.42,3,0.28,0.1',
  'schedule evaluate --alpha 0.5 --sigma2 0.25 --name cosine --w 2 --noise karras --steps 12',
  'schedule show cosine --w 2',
  'schedule compare --alpha 0.5 --sigma2 0.25 --only constant,early-only,cosine --budget effective',
  // Few classes.
  'few-class confidence --centres "1;-1" --w 0,1,4 --start 0',
  'few-class entropy --centres "2,0;0,1;-1,-1" --w 0,1 --sampler sde --samples 300 --step 0.1',
  'few-class split --distance 3 --step 0.05',
  'few-class density --centres "1;-1" --w 0,4 --eta 0.5',
  // Classifiers.
  'classifier measure --family fourier --centres "-1;1" --time 0.5',
  'classifier counterexample --kl 1e-4 --guidance-error 1 --d 1',
  'classifier calibrate --alpha 0.45 --w 1 --sigma2 0.25 --temperature 0.8,1.25',
];

/** Command lines that take seconds, run by the system tests. */
export const slowLines: readonly string[] = [
  'validity --alpha 0.5 --w 1,4 --d 16,64 --sigma2 0.25',
  'schedule design --alpha 0.45 --sigma2 0.3',
  'schedule design --alpha 0.6 --sigma2 0.25 --eta 1 --family linear-window',
  'few-class entropy --centres "1;-1" --w 0,2 --eta 0.5 --step 0.05 --rule exponential',
  'classifier measure --family temperature,wave --d 4 --samples 500',
  'classifier propagate --family temperature --parameters 0.2,0.05 --windows 0',
  'classifier train --kind logistic --d 3 --training-samples 500',
  'validate --quick --only commuting-covariances',
  'validate --quick --only classifier-guidance-error',
  'validate --quick --only few-class-splitting',
  'validate --quick --only few-class-confidence',
];
