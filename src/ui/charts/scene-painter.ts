import type uPlot from "uplot";
import { withOpacity } from "./palette.ts";
import type { Scene, SceneDot, SceneLine, SceneNote, ScenePoint } from "./scene.ts";

/** Draws a scene on a plot's canvas, inside its axes. All lengths in CSS pixels. */
export function paintScene(plot: uPlot, scene: Scene, font: string, surface: string): void {
	const { ctx, bbox } = plot;
	const ratio = devicePixelRatio;
	const place = ([x, y]: ScenePoint) => [plot.valToPos(x, "x", true), plot.valToPos(y, "y", true)] as const;
	ctx.save();
	ctx.beginPath();
	ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
	ctx.clip();
	for (const area of scene.areas) {
		ctx.fillStyle = withOpacity(area.colour, 0.16);
		ctx.fill(outline(area.points, place));
	}
	for (const line of scene.lines) paintLine(ctx, line, place, ratio);
	for (const dot of scene.dots) paintDot(ctx, dot, place(dot.point), ratio, surface);
	paintNotes(ctx, scene.notes, place, bbox, ratio, font, surface);
	ctx.restore();
}

/** CSS pixels between a note's point and its text. */
const NOTE_GAP = 8;

type Place = (point: ScenePoint) => readonly [number, number];

function outline(points: ScenePoint[], place: Place): Path2D {
	const path = new Path2D();
	for (const point of points) path.lineTo(...place(point));
	return path;
}

function paintLine(ctx: CanvasRenderingContext2D, line: SceneLine, place: Place, ratio: number): void {
	ctx.strokeStyle = line.colour;
	ctx.lineWidth = line.width * ratio;
	ctx.lineJoin = "round";
	ctx.setLineDash((line.dash ?? []).map((length) => length * ratio));
	ctx.stroke(outline(line.points, place));
	ctx.setLineDash([]);
}

function paintDot(
	ctx: CanvasRenderingContext2D,
	dot: SceneDot,
	[x, y]: readonly [number, number],
	ratio: number,
	surface: string,
): void {
	const radius = 5 * ratio;
	ctx.beginPath();
	if (dot.shape === "circle") ctx.arc(x, y, radius, 0, 2 * Math.PI);
	else {
		const reach = 1.25 * radius;
		ctx.moveTo(x, y - reach);
		ctx.lineTo(x + reach, y);
		ctx.lineTo(x, y + reach);
		ctx.lineTo(x - reach, y);
		ctx.closePath();
	}
	ctx.fillStyle = dot.colour;
	ctx.strokeStyle = surface;
	ctx.lineWidth = 1.5 * ratio;
	ctx.fill();
	ctx.stroke();
}

/** Texts beside their points, kept inside the axes and pushed down where they would cover one another. */
function paintNotes(
	ctx: CanvasRenderingContext2D,
	notes: readonly SceneNote[],
	place: Place,
	bbox: uPlot.BBox,
	ratio: number,
	font: string,
	surface: string,
): void {
	const placed = notes
		.map((note) => {
			const [x, y] = place(note.point);
			return { note, x: x + NOTE_GAP * ratio, y: y + note.shift * ratio };
		})
		.sort((a, b) => a.y - b.y);
	let free = bbox.top + 8 * ratio;
	ctx.textAlign = "left";
	ctx.textBaseline = "middle";
	ctx.lineWidth = 4 * ratio;
	ctx.lineJoin = "round";
	ctx.strokeStyle = surface;
	for (const { note, x, y } of placed) {
		ctx.font = `${note.bold ? "600 " : ""}${12 * ratio}px ${font}`;
		const left = Math.min(x, bbox.left + bbox.width - ctx.measureText(note.text).width - 4 * ratio);
		const top = Math.max(y, free);
		free = top + 15 * ratio;
		ctx.strokeText(note.text, left, top);
		ctx.fillStyle = note.colour;
		ctx.fillText(note.text, left, top);
	}
}
