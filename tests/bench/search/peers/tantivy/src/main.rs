//! tantivy: counts without positions, one segment, memory mapped.
//!
//!     tantivy-peer build TOKENS INDEX
//!     tantivy-peer query INDEX QUERIES K ANSWERS    then a round for each line

use std::fs::{create_dir_all, File};
use std::io::{stdin, stdout, BufRead, BufReader, BufWriter, Write};
use std::time::Instant;

use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{
    Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions, FAST,
};
use tantivy::{doc, DocAddress, Index, IndexWriter, Score, Searcher, Term};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const MEMORY: usize = 256 << 20;

fn lines(path: &str) -> Outcome<impl Iterator<Item = String>> {
    Ok(BufReader::new(File::open(path)?).lines().map_while(Result::ok))
}

fn build(tokens: &str, path: &str) -> Outcome<()> {
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("whitespace")
        .set_fieldnorms(true)
        .set_index_option(IndexRecordOption::WithFreqs);
    let body = schema.add_text_field(
        "body",
        TextOptions::default().set_indexing_options(indexing),
    );
    let number = schema.add_u64_field("number", FAST);

    create_dir_all(path)?;
    let index = Index::create_in_dir(path, schema.build())?;
    let mut writer: IndexWriter = index.writer_with_num_threads(1, MEMORY)?;
    for (i, line) in lines(tokens)?.enumerate() {
        writer.add_document(doc!(number => i as u64, body => line))?;
    }
    writer.commit()?;
    let segments = index.searchable_segment_ids()?;
    if segments.len() > 1 {
        writer.merge(&segments).wait()?;
    }
    writer.garbage_collect_files().wait()?;
    writer.wait_merging_threads()?;
    Ok(())
}

fn any_of(line: &str, body: Field) -> BooleanQuery {
    let mut words: Vec<&str> = Vec::new();
    for word in line.split_whitespace() {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    BooleanQuery::new(
        words
            .iter()
            .map(|word| {
                let term = Term::from_field_text(body, word);
                let one: Box<dyn Query> =
                    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
                (Occur::Should, one)
            })
            .collect(),
    )
}

fn ask(s: &Searcher, q: &BooleanQuery, k: usize) -> Outcome<Vec<(Score, DocAddress)>> {
    Ok(s.search(q, &TopDocs::with_limit(k).order_by_score())?)
}

fn query(path: &str, queries: &str, k: usize, answers: &str) -> Outcome<()> {
    let index = Index::open_in_dir(path)?;
    let searcher = index.reader()?.searcher();
    let body = index.schema().get_field("body")?;
    let queries: Vec<_> = lines(queries)?.map(|l| any_of(&l, body)).collect();
    let mut out = BufWriter::new(File::create(answers)?);

    for (i, q) in queries.iter().enumerate() {
        write!(out, "{}\t", i + 1)?;
        for (score, at) in ask(&searcher, q, k)? {
            let column = searcher
                .segment_reader(at.segment_ord)
                .fast_fields()
                .u64("number")?;
            let number = column.first(at.doc_id).unwrap_or(u64::MAX);
            write!(out, "{number}:{score} ")?;
        }
        writeln!(out)?;
    }
    out.flush()?;
    println!("ready");
    for _ in stdin().lock().lines() {
        let mut times = String::new();
        for q in &queries {
            let start = Instant::now();
            ask(&searcher, q, k)?;
            times += &format!("{} ", start.elapsed().as_nanos());
        }
        println!("{times}");
        stdout().flush()?;
    }
    Ok(())
}

fn main() -> Outcome<()> {
    let a: Vec<String> = std::env::args().skip(1).collect();
    match a.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["build", tokens, index] => build(tokens, index),
        ["query", index, queries, k, answers] => {
            query(index, queries, k.parse()?, answers)
        }
        _ => Err("tantivy-peer build TOKENS INDEX | \
                  query INDEX QUERIES K ANSWERS"
            .into()),
    }
}
