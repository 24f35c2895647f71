//! What the answer to one line should be, and whether it is.

use chrono::Utc;
use serde_json::{Map, Value, json};

use super::exchange::{Compared, Exchange, derived, fault, hide_times, refusal, success};
use super::model::{self, Job, Kind, SOME_TIME, World, python_time};
use super::recording::Line;
use crate::support::http::TestServer;

/// Sends the request of a line and compares the answer.
pub async fn compare(line: &Line, world: &mut World, server: &TestServer) -> Compared {
    let from = Utc::now();
    let reply = server.send(&line.request.request(&world.renamed)).await;
    let exchange = Exchange {
        line,
        reply,
        host: server.addr.to_string(),
        span: (from, Utc::now()),
    };
    let mut compared = match Route::of(line) {
        Route::Add(kind) => exchange.add(kind, world),
        Route::List(part) => exchange.list(&part, world),
        Route::OneJob(action, id) => exchange.one_job(action, &id, world),
        Route::Other => exchange.as_recorded(world),
    };
    if !compared.faults.is_empty() {
        let got = exchange.reply.text();
        let got: String = got.chars().take(600).collect();
        compared
            .faults
            .push(format!("  answered: {} {got}", exchange.reply.status));
    }
    compared
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Show,
    Pause,
    Resume,
    Remove,
}

enum Route {
    Add(Kind),
    List(String),
    OneJob(Action, String),
    Other,
}

impl Route {
    fn of(line: &Line) -> Self {
        let id = line.request.job_id();
        let one_job = |action| {
            id.clone()
                .map_or(Self::Other, |id| Self::OneJob(action, id))
        };
        match (line.request.method.as_str(), line.request.path.as_str()) {
            ("POST", "/scheduler/date/add_job") => Self::Add(Kind::Date),
            ("POST", "/scheduler/interval/add_job") => Self::Add(Kind::Interval),
            ("POST", "/scheduler/cron/add_job") => Self::Add(Kind::Cron),
            ("GET", "/scheduler/get_jobs") => Self::List(id.unwrap_or_default()),
            ("GET", "/scheduler/get_job") => one_job(Action::Show),
            ("PUT", "/scheduler/pause_job") => one_job(Action::Pause),
            ("PUT", "/scheduler/resume_job") => one_job(Action::Resume),
            ("DELETE", "/scheduler/remove_job") => one_job(Action::Remove),
            _ => Self::Other,
        }
    }
}

/// What the rules say of a request to add a job.
enum Verdict {
    AsRecorded,
    Stored(&'static str),
    Refused(&'static str),
    Either,
    NoRule,
}

impl Exchange<'_> {
    fn add(&self, kind: Kind, world: &mut World) -> Compared {
        let body = self.line.request.fields();
        let verdict = self.verdict(kind, &body);
        let mut compared = match verdict {
            Verdict::AsRecorded | Verdict::Either => self.as_recorded(world),
            Verdict::Stored(reason) => derived(self.stored(&body), reason),
            Verdict::Refused(reason) => derived(self.refused(&body), reason),
            Verdict::NoRule => fault(format!("no rule for the defect {:?}", self.line.defect)),
        };
        if matches!(verdict, Verdict::Either) && self.reply.status == 422 {
            compared = derived(Vec::new(), "exotic");
        }
        let accepted = self.reply.status == 200 && self.reply.json()["success"] == json!(true);
        if accepted {
            let id = self.reply.json()["data"]["job_id"]
                .as_str()
                .map(str::to_owned);
            world.add(id.unwrap_or_default(), kind, &body, self.span);
        }
        let recorded = self.line.response.json.as_ref();
        let was_accepted = recorded.is_some_and(|json| json["success"] == json!(true));
        let never = accepted && world.jobs.last().is_some_and(Job::never_fires);
        if self.line.reference_defect || accepted != was_accepted {
            world.diverged = Some("a job was added where the Python service was wrong");
        } else if accepted && (kind == Kind::Interval || never) {
            world.diverged = Some("a job was added that the Python service did not keep");
        }
        compared
    }

    fn verdict(&self, kind: Kind, body: &Map<String, Value>) -> Verdict {
        let line = self.line;
        let recorded = line.response.json.as_ref();
        let was_accepted = recorded.is_some_and(|json| json["success"] == json!(true));
        let has_tag = |tag: &str| line.tags.iter().any(|t| t == tag);
        let sound = kind != Kind::Interval || model::is_sound_interval(body);
        if has_tag("exotic") {
            return Verdict::Either;
        }
        if kind == Kind::Cron
            && was_accepted
            && (has_tag("lenient") || model::has_dropped_text(body))
        {
            return Verdict::Refused("text after a name is refused");
        }
        if was_accepted && !sound {
            return Verdict::Refused("a negative or endless interval is refused");
        }
        if was_accepted || !line.reference_defect {
            return Verdict::AsRecorded;
        }
        match (line.response.status, kind) {
            (500, Kind::Interval) if sound => Verdict::Stored("missing parts count as 0"),
            (500, _) => Verdict::Refused("no crash, a refusal"),
            _ => Verdict::NoRule,
        }
    }

    fn stored(&self, body: &Map<String, Value>) -> Vec<String> {
        let data = json!({"job_id": body["job_id"]});
        self.envelope(200, &success(&data))
    }

    /// A 422 that names fields of the body and gives their values as sent.
    fn refused(&self, body: &Map<String, Value>) -> Vec<String> {
        let mut faults = self.derived_head(422);
        if !faults.is_empty() {
            return faults;
        }
        let answer = self.reply.json();
        let details = answer["detail"].as_array().cloned().unwrap_or_default();
        if details.is_empty() {
            faults.push("no detail".to_owned());
        }
        for detail in details {
            let field = detail["loc"][1].as_str().unwrap_or_default();
            let sound = detail["type"] == json!("value_error")
                && detail["loc"] == json!(["body", field])
                && detail["msg"].as_str().is_some_and(|msg| !msg.is_empty())
                && body.get(field) == detail.get("input");
            if !sound {
                faults.push(format!("not a fault of a field of the body: {detail}"));
            }
        }
        faults
    }

    fn one_job(&self, action: Action, id: &str, world: &mut World) -> Compared {
        let gone = || match action {
            Action::Show => (404, refusal("10013", "查询Job ID不存在")),
            Action::Pause => (200, refusal("10011", "暂停Job ID不存在")),
            Action::Resume => (200, refusal("10012", "恢复Job ID不存在")),
            Action::Remove => (200, refusal("10010", "删除Job ID不存在")),
        };
        let actual_id = world.rename(&json!(id));
        let id = actual_id.as_str().unwrap_or_default();
        let job = world.find(id);
        if job.as_ref().is_some_and(|job| job.may_be_gone()) {
            let (status, absent) = gone();
            if self.envelope(status, &absent).is_empty() {
                world.remove(id);
                return derived(Vec::new(), "a past date, gone already");
            }
        }
        let (status, expected) = match (world.find(id), action) {
            (None, _) => gone(),
            (Some(job), Action::Show) => (200, success(&job.shown())),
            (Some(_), _) => (200, success(&json!({}))),
        };
        let next = world
            .find(id)
            .map(|job| job.shown()["next_run_time"].clone());
        let next = next.filter(|next| action == Action::Show && *next == json!(SOME_TIME));
        let mut faults = self.envelope(status, &expected);
        if next.is_some() && faults.is_empty() {
            let answer = self.reply.json();
            let job = world.find(id).into_iter().next();
            let told = answer["data"]["next_run_time"].as_str().unwrap_or_default();
            if !job.is_some_and(|job| job.can_run_next_at(told)) {
                faults.push(format!("it cannot run next at {told:?}"));
            }
        }
        let compared = self.justified(faults, status, &expected, world);
        match (action, world.find(id)) {
            (Action::Pause, Some(job)) => job.set_paused(true),
            (Action::Resume, Some(job)) => {
                job.set_paused(false);
                if job.never_fires() {
                    world.diverged = Some("a job that never fires was resumed");
                }
            }
            (Action::Remove, Some(_)) => world.remove(id),
            _ => {}
        }
        compared
    }

    fn list(&self, part: &str, world: &mut World) -> Compared {
        let mut faults = self.derived_head(200);
        if !faults.is_empty() {
            return Compared {
                faults,
                derived: None,
            };
        }
        let answer = self.reply.json();
        let listed = answer["data"]["task_list"].as_array().cloned();
        let listed = listed.unwrap_or_default();
        faults.extend(listing_faults(&answer, &listed, world));
        let (settled, doubtful): (Vec<&Job>, Vec<&Job>) = world
            .jobs
            .iter()
            .filter(|job| job.id.contains(part))
            .partition(|job| !job.may_be_gone());
        let mut expected: Vec<Value> = settled.iter().map(|job| job.shown()).collect();
        by_id(&mut expected);
        let seen = |answer: &Value| {
            let jobs = answer["data"]["task_list"].as_array().cloned();
            let mut jobs = jobs.unwrap_or_default();
            jobs.retain(|job| doubtful.iter().all(|d| job["job_id"] != json!(d.id)));
            jobs.iter_mut().for_each(hide_times);
            by_id(&mut jobs);
            jobs
        };
        let (got, shell) = (seen(&answer), success(&json!({})));
        if got != expected
            || answer["success"] != shell["success"]
            || answer["error"] != shell["error"]
        {
            faults.push(format!("expected the jobs {}", json!(expected)));
        }
        let recorded = self
            .line
            .response
            .json
            .as_ref()
            .map(|json| world.rename(json));
        let as_recorded = recorded.is_some_and(|recorded| seen(&recorded) == expected);
        let mut compared = if as_recorded {
            Compared {
                faults,
                derived: None,
            }
        } else {
            self.unlike_recording(faults, world)
        };
        if as_recorded && !self.line.reference_defect {
            compared
                .faults
                .extend(self.header_faults(&self.line.response.headers));
        }
        compared
    }

    /// The predicted answer was checked; now it must be the recorded one too,
    /// or there must be a reason.
    fn justified(
        &self,
        mut faults: Vec<String>,
        status: u16,
        expected: &Value,
        world: &World,
    ) -> Compared {
        let recorded = self.line.response.json.as_ref();
        let mut recorded = recorded.map(|json| world.rename(json)).unwrap_or_default();
        hide_times(&mut recorded["data"]);
        let mut expected = expected.clone();
        hide_times(&mut expected["data"]);
        if recorded == expected && self.line.response.status == status {
            faults.extend(self.header_faults(&self.line.response.headers));
            return Compared {
                faults,
                derived: None,
            };
        }
        self.unlike_recording(faults, world)
    }

    fn unlike_recording(&self, mut faults: Vec<String>, world: &World) -> Compared {
        let marked = self.line.reference_defect || self.line.racy;
        let reason = match world.diverged {
            _ if marked => Some(self.line.defect.clone()),
            Some(reason) => Some(reason.to_owned()),
            None => None,
        };
        if reason.is_none() {
            faults.push("the prediction is not what was recorded, for no reason known".to_owned());
        }
        Compared {
            faults,
            derived: reason,
        }
    }
}

/// What can be wrong with a list whatever jobs are in it.
fn listing_faults(answer: &Value, listed: &[Value], world: &World) -> Vec<String> {
    let mut faults = Vec::new();
    if answer["data"]["total"] != json!(listed.len()) {
        faults.push("total is not the number of jobs".to_owned());
    }
    faults.extend(order_faults(listed, world));
    for job in &world.jobs {
        let shown = listed.iter().find(|shown| shown["job_id"] == json!(job.id));
        let told = shown.and_then(|shown| shown["next_run_time"].as_str());
        if told.is_some_and(|told| !job.can_run_next_at(told)) {
            faults.push(format!("{} cannot run next at {told:?}", job.id));
        }
    }
    faults
}

/// Lists go by next run, ties by place, those without a next run last.
fn order_faults(listed: &[Value], world: &World) -> Option<String> {
    let key = |shown: &Value| {
        let next = shown["next_run_time"].as_str().and_then(python_time);
        let job = world
            .jobs
            .iter()
            .find(|job| shown["job_id"] == json!(job.id));
        (next.is_none(), next, job.map(Job::place))
    };
    let sorted = listed.is_sorted_by_key(key);
    (!sorted).then(|| "the jobs are out of order".to_owned())
}

fn by_id(jobs: &mut [Value]) {
    jobs.sort_by_key(|job| job["job_id"].to_string());
}
