//! The results as a table for people.

use super::client::Cost;

/// One line of the table.
pub struct Line {
    what: String,
    median: Option<f64>,
    p99: Option<f64>,
    cpu: Option<f64>,
    postgres: Option<f64>,
    note: String,
    budget: String,
    kept: Option<bool>,
}

impl Line {
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            median: None,
            p99: None,
            cpu: None,
            postgres: None,
            note: String::new(),
            budget: String::new(),
            kept: None,
        }
    }

    pub fn of(what: impl Into<String>, cost: &Cost) -> Self {
        let (median, p99) = (Some(cost.median()), Some(cost.p99()));
        Self { median, p99, cpu: Some(cost.cpu), postgres: cost.postgres, ..Self::new(what) }
    }

    pub fn cpu_only(what: impl Into<String>, cost: &Cost) -> Self {
        Self { cpu: Some(cost.cpu), postgres: cost.postgres, ..Self::new(what) }
    }

    pub fn times_only(what: impl Into<String>, median: f64, p99: f64) -> Self {
        Self { median: Some(median), p99: Some(p99), ..Self::new(what) }
    }

    /// At most so many milliseconds of the server's CPU per call.
    pub fn within_cpu(self, most: f64) -> Self {
        let used = self.cpu.unwrap_or(f64::MAX);
        self.within(format!("≤ {most} ms CPU"), used <= most)
    }

    pub fn within(mut self, budget: impl Into<String>, kept: bool) -> Self {
        self.budget = budget.into();
        self.kept = Some(kept);
        self
    }

    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    fn cells(&self) -> [String; 8] {
        let number = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.2}"));
        let verdict = match self.kept {
            None => "",
            Some(true) => "ok",
            Some(false) => "MISSED",
        };
        [
            self.what.clone(),
            number(self.median),
            number(self.p99),
            number(self.cpu),
            number(self.postgres),
            self.note.clone(),
            self.budget.clone(),
            verdict.into(),
        ]
    }
}

pub fn print(title: &str, lines: &[Line]) {
    let head = ["", "median ms", "p99 ms", "CPU ms", "PostgreSQL CPU ms", "", "budget", ""].map(str::to_owned);
    let rows: Vec<_> = std::iter::once(head).chain(lines.iter().map(Line::cells)).map(Vec::from).collect();
    grid(title, &rows);
}

/// Prints rows under each other, the first column to the left, numbers to the right; columns without anything are left out.
pub fn grid(title: &str, rows: &[Vec<String>]) {
    println!("\n{title}");
    let columns = rows.first().map_or(0, Vec::len);
    let used: Vec<usize> =
        (0..columns).filter(|column| rows.iter().skip(1).any(|row| !row[*column].is_empty())).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    for row in rows {
        let cells = used.iter().map(|column| {
            let width = width(*column);
            let is_text = *column == 0 || rows.iter().skip(1).any(|row| row[*column].starts_with(char::is_alphabetic));
            if is_text { format!("{:<width$}", row[*column]) } else { format!("{:>width$}", row[*column]) }
        });
        println!("{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
}
