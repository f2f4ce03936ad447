import type { Citation } from './entry.ts';

// Works that the entries cite.

export const hoSalimans: Citation = {
  authors: 'Ho, Salimans',
  year: 2022,
  title: 'Classifier-Free Diffusion Guidance',
  arxiv: '2207.12598',
};

export const wang: Citation = {
  authors: 'Wang, Dufour, Andreou, Cani, Fernández Abrevaya, Picard, Kalogeiton',
  year: 2024,
  title: 'Analysis of Classifier-Free Guidance Weight Schedulers',
  arxiv: '2404.13040',
};

export const jin: Citation = {
  authors: 'Jin, Shi, Gu',
  year: 2025,
  title: 'Stage-wise Dynamics of Classifier-Free Guidance in Diffusion Models',
  arxiv: '2509.22007',
};

export const malarz: Citation = {
  authors: 'Malarz, Kasymov, Zięba, Tabor, Spurek',
  year: 2025,
  title: 'Classifier-free Guidance with Adaptive Scaling',
  arxiv: '2502.10574',
};

export const ventura: Citation = {
  authors: 'Ventura, Achilli, Ambrogioni, Lucibello',
  year: 2026,
  title: 'Emergence of Distortions in High-Dimensional Guided Diffusion Models',
  arxiv: '2602.00716',
};

export const kynkaanniemi: Citation = {
  authors: 'Kynkäänniemi, Aittala, Karras, Laine, Aila, Lehtinen',
  year: 2024,
  title:
    'Applying Guidance in a Limited Interval Improves Sample and Distribution Quality in Diffusion Models',
  arxiv: '2404.07724',
};

export const gao: Citation = {
  authors: 'Gao, Zhou, Cheng, Yan',
  year: 2023,
  title: 'Masked Diffusion Transformer is a Strong Image Synthesizer',
  arxiv: '2303.14389',
};

export const controlFunction: Citation = {
  authors: 'Gao, Zheng, Zou, Yang, Liu, Fan, Zhang, Zhang, Chen, Jiang, Li, Wang',
  year: 2026,
  title: 'C²FG: Control Classifier-Free Guidance via Score Discrepancy Analysis',
  arxiv: '2603.08155',
};

export const chung: Citation = {
  authors: 'Chung, Kim, Park, Nam, Ye',
  year: 2024,
  title: 'CFG++: Manifold-constrained Classifier Free Guidance for Diffusion Models',
  arxiv: '2406.08070',
};
