//! What a browser sends of these forms (`application/x-www-form-urlencoded`), within bounds.

use axum::extract::{FromRequest, Request};
use base::{App, Error, Result, web::input};

/// Bytes of everything: a question of 5,000 letters, each written as several.
const MOST: usize = 64 * 1024;

/// What stands in the fields; those that a form does not have are empty.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub order: String,
    /// The address or the postcode.
    pub proof: String,
    pub code: String,
    /// `missing`: it is said to have arrived, and has not.
    pub about: String,
    pub text: String,
    /// What is confirmed, as we signed it.
    pub wish: String,
    /// The parts of an address.
    address: Vec<(String, String)>,
}

impl Typed {
    /// A part of the address.
    pub fn field(&self, name: &str) -> &str {
        self.address.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

const ADDRESS: [&str; 9] = ["name", "company", "line1", "line2", "postcode", "city", "region", "country", "phone"];

impl FromRequest<App> for Typed {
    type Rejection = Error;

    async fn from_request(request: Request, _: &App) -> Result<Self> {
        let bytes = input::bytes_up_to(request.into_body(), MOST).await?;
        let mut typed = Self::default();
        for (name, value) in form_urlencoded::parse(&bytes).take(20) {
            let field = match name.as_ref() {
                "order" => &mut typed.order,
                "proof" => &mut typed.proof,
                "code" => &mut typed.code,
                "about" => &mut typed.about,
                "text" => &mut typed.text,
                "wish" => &mut typed.wish,
                part if ADDRESS.contains(&part) => {
                    typed.address.push((part.to_owned(), value.replace('\0', " ")));
                    continue;
                }
                _ => continue,
            };
            // PostgreSQL cannot keep it, and no person can type it.
            *field = value.replace('\0', " ");
        }
        Ok(typed)
    }
}
