/** The part of a Plotly specification that the static pictures draw; everything else in it is ignored. */
export interface LineSpec {
  readonly color?: string;
  readonly width?: number;
  readonly dash?: string;
  readonly shape?: string;
}

export interface MarkerSpec {
  readonly symbol?: string;
  readonly size?: number;
  readonly color?: string;
  readonly line?: { readonly width?: number; readonly color?: string };
}

/** Standard errors of points. */
export interface ErrorSpec {
  readonly array?: readonly (number | null)[];
  readonly arrayminus?: readonly (number | null)[];
  readonly color?: string;
  readonly thickness?: number;
  readonly width?: number;
}

export type Coordinate = number | string | null;
export type Stops = readonly (readonly [number, string])[];

export interface TraceSpec {
  readonly type?: 'scatter' | 'heatmap' | 'contour';
  readonly mode?: string;
  readonly name?: string;
  readonly x?: readonly Coordinate[];
  readonly y?: readonly Coordinate[];
  readonly z?: readonly (readonly (number | null)[])[];
  readonly xaxis?: string;
  readonly yaxis?: string;
  readonly line?: LineSpec;
  readonly marker?: MarkerSpec;
  readonly error_y?: ErrorSpec;
  readonly fill?: string;
  readonly fillcolor?: string;
  readonly fillpattern?: { readonly fgcolor?: string };
  readonly cliponaxis?: boolean;
  readonly showlegend?: boolean;
  readonly legendrank?: number;
  readonly coloraxis?: string;
  readonly colorscale?: string | Stops;
  readonly zmin?: number;
  readonly zmax?: number;
  readonly contours?: {
    readonly coloring?: string;
    readonly start?: number;
    readonly end?: number;
    readonly size?: number;
  };
}

export interface AxisSpec {
  readonly type?: string;
  readonly range?: readonly [number, number];
  readonly domain?: readonly [number, number];
  readonly title?: { readonly text?: string };
  readonly tickvals?: readonly Coordinate[];
  readonly ticktext?: readonly string[];
  readonly dtick?: number;
  readonly nticks?: number;
  readonly showgrid?: boolean;
  readonly showticklabels?: boolean;
  readonly rangemode?: string;
  readonly autorange?: boolean | string;
  readonly categoryarray?: readonly string[];
}

/** Places in data coordinates (x2), in a panel (x2 domain) or in the whole picture (paper). */
export interface ShapeSpec {
  readonly type?: string;
  readonly xref?: string;
  readonly yref?: string;
  readonly x0?: Coordinate;
  readonly x1?: Coordinate;
  readonly y0?: Coordinate;
  readonly y1?: Coordinate;
  readonly fillcolor?: string;
  readonly opacity?: number;
  readonly line?: LineSpec;
}

export interface AnnotationSpec {
  readonly text?: string;
  readonly xref?: string;
  readonly yref?: string;
  readonly x?: Coordinate;
  readonly y?: Coordinate;
  readonly xanchor?: string;
  readonly yanchor?: string;
  readonly xshift?: number;
  readonly yshift?: number;
  readonly font?: { readonly size?: number; readonly color?: string };
}

export interface ColourAxisSpec {
  readonly colorscale?: string | Stops;
  readonly cmin?: number;
  readonly cmax?: number;
  readonly colorbar?: {
    readonly title?: { readonly text?: string };
    readonly x?: number;
    readonly y?: number;
    readonly len?: number;
    readonly tickvals?: readonly number[];
    readonly ticktext?: readonly string[];
  };
}

export interface LayoutSpec {
  readonly height?: number;
  readonly margin?: { readonly l?: number; readonly r?: number; readonly t?: number; readonly b?: number };
  readonly showlegend?: boolean;
  readonly legend?: { readonly y?: number };
  readonly plot_bgcolor?: string;
  readonly shapes?: readonly ShapeSpec[];
  readonly annotations?: readonly AnnotationSpec[];
}

/** Entries of a layout whose names are numbered: xaxis2, coloraxis. */
export function numbered(layout: LayoutSpec, key: string): unknown {
  return (layout as Readonly<Record<string, unknown>>)[key];
}
