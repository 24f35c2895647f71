//! Curves as SVG, for docs/PERFORMANCE.md: both axes logarithmic or from zero, one
//! line for each series, readable on a light and on a dark page.

use std::fmt::Write as _;
use std::path::Path;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 150.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 44.0;
const COLOURS: [&str; 5] = ["#2f6fdd", "#d9622b", "#2a9d6f", "#9457c8", "#7a7f87"];

pub struct Chart<'a> {
    pub title: &'a str,
    pub x: &'a str,
    pub y: &'a str,
    /// Whether the axes are logarithmic, x and y.
    pub log: (bool, bool),
    pub series: Vec<(&'a str, Vec<(f64, f64)>)>,
}

/// One axis: from which value to which, over which pixels.
struct Axis {
    log: bool,
    from: f64,
    to: f64,
    at: (f64, f64),
}

impl Axis {
    fn new(log: bool, values: impl Iterator<Item = f64>, at: (f64, f64)) -> Self {
        let (mut least, mut most) = (f64::MAX, f64::MIN);
        for value in values {
            (least, most) = (least.min(value), most.max(value));
        }
        let (from, to) = match log {
            true => (
                10_f64.powf(least.log10().floor()),
                10_f64.powf(most.log10().ceil()),
            ),
            false => (0.0, nice(most)),
        };
        Self { log, from, to, at }
    }

    fn place(&self, value: f64) -> f64 {
        let share = match self.log {
            true => (value / self.from).log10() / (self.to / self.from).log10().max(f64::EPSILON),
            false => (value - self.from) / (self.to - self.from),
        };
        self.at.0 + share * (self.at.1 - self.at.0)
    }

    fn ticks(&self) -> Vec<f64> {
        match self.log {
            true => {
                let decades = (self.to / self.from).log10().round() as i32;
                (0..=decades).map(|n| self.from * 10_f64.powi(n)).collect()
            }
            false => (0..=4).map(|n| self.to * f64::from(n) / 4.0).collect(),
        }
    }
}

impl Chart<'_> {
    pub fn save(&self, file: &Path) {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, self.svg()).unwrap();
    }

    fn svg(&self) -> String {
        let points = || self.series.iter().flat_map(|(_, points)| points);
        let right = WIDTH - RIGHT;
        let x = Axis::new(self.log.0, points().map(|p| p.0), (LEFT, right));
        let y = Axis::new(self.log.1, points().map(|p| p.1), (HEIGHT - BOTTOM, TOP));
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
             font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"#7a7f87\">\n\
             <text x=\"{LEFT}\" y=\"20\" font-size=\"14\" font-weight=\"600\">{}</text>\n",
            self.title
        );
        let mut put = |text: String| svg.push_str(&text);
        for tick in x.ticks() {
            let at = x.place(tick);
            let (low, text) = (HEIGHT - BOTTOM + 18.0, short(tick));
            put(format!(
                "<text x=\"{at:.1}\" y=\"{low}\" text-anchor=\"middle\">{text}</text>\n"
            ));
        }
        for tick in y.ticks() {
            let (at, text) = (y.place(tick), short(tick));
            put(format!(
                "<path d=\"M{LEFT} {at:.1}H{right}\" stroke=\"#7a7f87\" stroke-opacity=\".25\"/>\
                 <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{text}</text>\n",
                LEFT - 8.0,
                at + 4.0
            ));
        }
        let middle = f64::midpoint(LEFT, right);
        put(format!(
            "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{}</text>\
             <text x=\"{right}\" y=\"20\" text-anchor=\"end\">{}</text>\n",
            HEIGHT - 8.0,
            self.x,
            self.y
        ));
        for ((name, points), colour) in self.series.iter().zip(COLOURS) {
            let mut line = String::new();
            for (n, (px, py)) in points.iter().enumerate() {
                let command = if n == 0 { 'M' } else { 'L' };
                let _ = write!(line, "{command}{:.1} {:.1}", x.place(*px), y.place(*py));
            }
            put(format!(
                "<path d=\"{line}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n"
            ));
            for (px, py) in points {
                let (cx, cy) = (x.place(*px), y.place(*py));
                put(format!(
                    "<circle cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"3\" fill=\"{colour}\"/>\n"
                ));
            }
            if let Some((px, py)) = points.last() {
                let (tx, ty) = (x.place(*px) + 8.0, y.place(*py) + 4.0);
                put(format!(
                    "<text x=\"{tx:.1}\" y=\"{ty:.1}\" fill=\"{colour}\">{name}</text>\n"
                ));
            }
        }
        svg.push_str("</svg>\n");
        svg
    }
}

/// The next round number.
fn nice(value: f64) -> f64 {
    let magnitude = 10_f64.powf(value.max(1e-9).log10().floor());
    let steps = [1.0, 2.0, 4.0, 5.0, 8.0, 10.0];
    let step = steps.into_iter().find(|step| step * magnitude >= value);
    step.unwrap_or(10.0) * magnitude
}

fn short(value: f64) -> String {
    match value {
        value if value >= 1e6 => format!("{}M", value / 1e6),
        value if value >= 1e3 => format!("{}k", value / 1e3),
        value => format!("{}", (value * 1e3).round() / 1e3),
    }
}
