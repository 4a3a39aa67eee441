//! Moods and languages, which are known without examples.

use text::{
    language::{self, LANGUAGES},
    sentiment::{Mood, sentiment},
};

use crate::shared;

/// Pearson's correlation.
fn together(pairs: &[(f64, f64)]) -> f64 {
    let count = pairs.len() as f64;
    let mean = |side: fn(&(f64, f64)) -> f64| pairs.iter().map(side).sum::<f64>() / count;
    let (x, y) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let sum = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>();
    let both = sum(&|pair| (pair.0 - x) * (pair.1 - y));
    both / (sum(&|pair| (pair.0 - x).powi(2)) * sum(&|pair| (pair.1 - y).powi(2))).sqrt()
}

#[test]
fn moods_are_felt_as_people_feel_them() {
    let Some(folder) = shared::data("sentiment/vader") else { return };
    for (name, file, least) in
        [("tweets", "tweets_GroundTruth.txt", 0.80), ("reviews", "amazonReviewSnippets_GroundTruth.txt", 0.60)]
    {
        let text = std::fs::read(folder.join(file)).unwrap();
        let text = String::from_utf8_lossy(&text).into_owned();
        let rows = text.lines().filter_map(|line| {
            let mut cells = line.splitn(3, '\t').skip(1);
            Some((cells.next()?.parse::<f64>().ok()?, cells.next()?))
        });
        let rows: Vec<(f64, Mood, f64)> = rows
            .map(|(rated, text)| {
                let felt = sentiment(text);
                (rated, felt.mood, f64::from(felt.score))
            })
            .collect();
        let near = together(&rows.iter().map(|(rated, _, score)| (*rated, *score)).collect::<Vec<_>>());
        let rated = |rated: f64| match rated / 4.0 {
            rated if rated > 0.1 => Mood::Positive,
            rated if rated < -0.1 => Mood::Negative,
            _ => Mood::Neutral,
        };
        let right = rows.iter().filter(|(by, mood, _)| rated(*by) == *mood).count() as f64 / rows.len() as f64;
        println!("{name}: correlation {near:.3}, of three moods right {right:.3}");
        assert!(near > least && right > 0.55, "{name}: {near}");
    }
}

#[test]
fn two_words_tell_their_language() {
    let Some(folder) = shared::data("lang/lingua") else { return };
    let mut rights = Vec::new();
    for code in LANGUAGES {
        let Ok(text) = std::fs::read_to_string(folder.join(code).join("word-pairs.txt")) else { continue };
        let right = text.lines().filter(|line| language::language(line).is_some_and(|found| found.code == code));
        rights.push(right.count() as f64 / text.lines().count() as f64);
    }
    let mean = rights.iter().sum::<f64>() / rights.len() as f64;
    println!("two words in one of {} languages: right {mean:.3}", rights.len());
    assert!(rights.len() > 15 && mean > 0.87, "{mean}");
    for strange in ["ja", "zh", "ko", "th", "he", "hi"] {
        let text = std::fs::read_to_string(folder.join(strange).join("word-pairs.txt")).unwrap();
        let named = text.lines().filter_map(language::language).filter(|found| found.score >= language::THRESHOLD);
        assert_eq!(named.count(), 0, "{strange} is none of ours");
    }
}
