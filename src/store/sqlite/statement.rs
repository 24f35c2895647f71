//! A statement put together from parts, with its arguments, and the connection
//! that runs it. Knows no table.

use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{AssertSqlSafe, SqliteConnection};

use super::error::store_error;
use super::rows::column;
use crate::store::StoreError;

/// An argument.
#[derive(Debug, Clone)]
pub enum Arg {
    Integer(i64),
    Text(String),
}

impl From<i64> for Arg {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<u32> for Arg {
    fn from(value: u32) -> Self {
        Self::Integer(value.into())
    }
}

impl From<&str> for Arg {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

/// SQL whose texts are this program's own and whose values are arguments.
#[derive(Debug, Clone, Default)]
pub struct Statement {
    text: String,
    args: Vec<Arg>,
}

impl Statement {
    pub fn new(text: &'static str) -> Self {
        Self::default().text(text)
    }

    /// Adds a part.
    pub fn text(mut self, text: &'static str) -> Self {
        self.text.push_str(text);
        self
    }

    /// Adds an argument.
    pub fn bind(mut self, value: impl Into<Arg>) -> Self {
        self.text.push('?');
        self.args.push(value.into());
        self
    }

    /// Adds another statement's text and arguments.
    pub fn then(mut self, other: Self) -> Self {
        self.text.push_str(&other.text);
        self.args.extend(other.args);
        self
    }

    fn query(&self, text: String) -> sqlx::query::Query<'static, sqlx::Sqlite, SqliteArguments> {
        let query = sqlx::query(AssertSqlSafe(text));
        self.args.iter().fold(query, |query, arg| match arg {
            Arg::Integer(value) => query.bind(*value),
            Arg::Text(value) => query.bind(value.clone()),
        })
    }
}

/// How SQLite carries out a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The statement.
    pub statement: String,
    /// The lines of `EXPLAIN QUERY PLAN`.
    pub steps: Vec<String>,
}

/// Reads on one connection; keeps the plan of each statement when told to.
pub struct Reading<'c> {
    conn: &'c mut SqliteConnection,
    plans: Option<Vec<Plan>>,
}

impl<'c> Reading<'c> {
    pub fn new(conn: &'c mut SqliteConnection) -> Self {
        Self { conn, plans: None }
    }

    pub fn explained(conn: &'c mut SqliteConnection) -> Self {
        let plans = Some(Vec::new());
        Self { conn, plans }
    }

    /// The plans of the statements run so far.
    pub fn into_plans(self) -> Vec<Plan> {
        self.plans.unwrap_or_default()
    }

    pub async fn all(&mut self, statement: Statement) -> Result<Vec<SqliteRow>, StoreError> {
        self.explain(&statement).await?;
        let query = statement.query(statement.text.clone());
        let found = query.fetch_all(&mut *self.conn).await;
        found.map_err(store_error)
    }

    pub async fn one(&mut self, statement: Statement) -> Result<SqliteRow, StoreError> {
        self.explain(&statement).await?;
        let query = statement.query(statement.text.clone());
        let found = query.fetch_one(&mut *self.conn).await;
        found.map_err(store_error)
    }

    async fn explain(&mut self, statement: &Statement) -> Result<(), StoreError> {
        let Some(plans) = &mut self.plans else {
            return Ok(());
        };
        let query = statement.query(format!("EXPLAIN QUERY PLAN {}", statement.text));
        let lines = query.fetch_all(&mut *self.conn).await;
        let lines = lines.map_err(store_error)?;
        let steps = lines.iter().map(|line| column(line, "detail"));
        plans.push(Plan {
            statement: statement.text.clone(),
            steps: steps.collect::<Result<_, _>>()?,
        });
        Ok(())
    }
}
