import type { Point } from "../../figures/figure.ts";
import type { Span } from "../../figures/rich-text.ts";
import {
	BASELINE,
	type CircleShape,
	type DrawnShape,
	FONTS,
	type MeasureText,
	type PathShape,
	SCRIPT_SHIFT,
	SCRIPT_SIZE,
	type TextShape,
} from "../../figures/shapes.ts";

/** Draws shapes on a canvas whose unit is the CSS pixel. */
export function paintShapes(context: CanvasRenderingContext2D, shapes: readonly DrawnShape[]): void {
	for (const shape of shapes) {
		switch (shape.kind) {
			case "path":
				paintPath(context, shape, pathOf(shape));
				break;
			case "circle":
				paintPath(context, shape, circleOf(shape));
				break;
			case "text":
				paintText(context, shape);
				break;
			case "clip": {
				const { left, top, width, height } = shape.box;
				context.save();
				context.beginPath();
				context.rect(left, top, width, height);
				context.clip();
				paintShapes(context, shape.shapes);
				context.restore();
			}
		}
	}
}

/** The width of texts on a canvas. */
export function canvasMeasure(context: CanvasRenderingContext2D): MeasureText {
	return (text) => {
		context.save();
		const width = text.text.reduce((sum, span) => {
			context.font = fontOf(span, text);
			return sum + context.measureText(span.text).width;
		}, 0);
		context.restore();
		return width;
	};
}

function pathOf({ lines, closed }: PathShape): Path2D {
	const path = new Path2D();
	for (const line of lines) {
		for (const [i, [x, y]] of line.entries()) {
			if (i === 0) path.moveTo(x, y);
			else path.lineTo(x, y);
		}
		if (closed) path.closePath();
	}
	return path;
}

function circleOf({ center: [x, y], radius }: CircleShape): Path2D {
	const path = new Path2D();
	path.arc(x, y, radius, 0, 2 * Math.PI);
	return path;
}

function paintPath(context: CanvasRenderingContext2D, shape: PathShape | CircleShape, path: Path2D): void {
	if (shape.fill) {
		context.fillStyle = shape.fill;
		context.fill(path);
	}
	if (!shape.stroke) return;
	context.strokeStyle = shape.stroke;
	context.lineWidth = shape.width ?? 1;
	context.lineJoin = "round";
	context.setLineDash([...(shape.dash ?? [])]);
	context.stroke(path);
	context.setLineDash([]);
}

function fontOf({ style }: Span, { size, bold, serif }: Pick<TextShape, "size" | "bold" | "serif">): string {
	const script = style === "sub" || style === "sup" ? SCRIPT_SIZE : 1;
	const face = style === "italic" || serif ? FONTS.serif : FONTS.sans;
	return `${style === "italic" ? "italic " : ""}${bold ? "600 " : ""}${script * size}px ${face}`;
}

function paintText(context: CanvasRenderingContext2D, shape: TextShape): void {
	const { at, text, size, anchor = "start" } = shape;
	const width = anchor === "start" ? 0 : canvasMeasure(context)(shape);
	const start: Point = [at[0] - (anchor === "end" ? width : width / 2), at[1] + BASELINE * size];
	context.textAlign = "left";
	context.textBaseline = "alphabetic";
	const each = (draw: (text: string, x: number, y: number) => void) => {
		let x = start[0];
		for (const span of text) {
			context.font = fontOf(span, shape);
			draw(span.text, x, start[1] + SCRIPT_SHIFT[span.style] * size);
			x += context.measureText(span.text).width;
		}
	};
	if (shape.halo) {
		context.strokeStyle = shape.halo;
		context.lineWidth = 4;
		context.lineJoin = "round";
		each((part, x, y) => context.strokeText(part, x, y));
	}
	context.fillStyle = shape.color;
	each((part, x, y) => context.fillText(part, x, y));
}
