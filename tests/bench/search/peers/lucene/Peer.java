import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;

/**
 * Lucene, of either version: counts without positions, one segment, memory
 * mapped, no query cache. What differs between versions is in Version.java.
 *
 * <pre>
 * Peer build TOKENS INDEX [TAGS]
 * Peer query INDEX QUERIES K ANSWERS [TAG]    then a round for each line
 * </pre>
 */
public class Peer {
	private static final String BODY = "body", TAG = "tag";

	private static IndexWriterConfig config() {
		IndexWriterConfig c = new IndexWriterConfig(Version.whitespace());

		c.setOpenMode(IndexWriterConfig.OpenMode.CREATE);
		c.setRAMBufferSizeMB(256);
		c.setUseCompoundFile(false);
		c.setMergeScheduler(new SerialMergeScheduler());
		c.setSimilarity(new BM25Similarity(1.2f, 0.75f));
		return c;
	}

	private static void build(Path tokens, Directory to, Path tags)
			throws Exception {
		FieldType counts = new FieldType();

		counts.setTokenized(true);
		counts.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
		counts.freeze();
		try (IndexWriter w = new IndexWriter(to, config());
				BufferedReader in = Files.newBufferedReader(tokens);
				BufferedReader beside = tags == null
						? null : Files.newBufferedReader(tags)) {
			String line;

			while ((line = in.readLine()) != null) {
				Document d = new Document();

				d.add(new Field(BODY, line, counts));
				if (beside != null)
					for (String tag : beside.readLine().split(" "))
						d.add(new StringField(TAG, tag,
								Field.Store.NO));
				w.addDocument(d);
			}
			w.forceMerge(1);
			w.commit();
		}
	}

	private static Query anyOf(String line, String tag) {
		BooleanQuery.Builder any = new BooleanQuery.Builder();

		for (String word : new LinkedHashSet<>(List.of(line.split(" "))))
			any.add(new TermQuery(new Term(BODY, word)),
					BooleanClause.Occur.SHOULD);
		if (tag == null)
			return any.build();
		return new BooleanQuery.Builder()
				.add(any.build(), BooleanClause.Occur.MUST)
				.add(new TermQuery(new Term(TAG, tag)),
						BooleanClause.Occur.FILTER)
				.build();
	}

	private static void answers(IndexSearcher s, List<Query> queries, int k,
			Path path) throws Exception {
		try (PrintStream out = new PrintStream(path.toFile(), "UTF-8")) {
			for (int i = 0; i < queries.size(); i++) {
				out.print((i + 1) + "\t");
				for (ScoreDoc hit : Version.top(s, queries.get(i), k))
					out.print(hit.doc + ":" + hit.score + " ");
				out.println();
			}
		}
	}

	private static void turns(IndexSearcher s, List<Query> queries, int k)
			throws Exception {
		BufferedReader in =
				new BufferedReader(new InputStreamReader(System.in));

		System.out.println("ready");
		while (in.readLine() != null) {
			StringBuilder times = new StringBuilder();

			for (Query q : queries) {
				long start = System.nanoTime();

				Version.top(s, q, k);
				times.append(System.nanoTime() - start).append(' ');
			}
			System.out.println(times);
		}
	}

	public static void main(String[] a) throws Exception {
		String more = a.length > (a[0].equals("build") ? 3 : 5)
				? a[a.length - 1] : null;

		if (a[0].equals("build")) {
			build(Paths.get(a[1]), new MMapDirectory(Paths.get(a[2])),
					more == null ? null : Paths.get(more));
			return;
		}
		List<Query> queries = new ArrayList<>();
		IndexSearcher s = new IndexSearcher(DirectoryReader.open(
				new MMapDirectory(Paths.get(a[1]))));
		int k = Integer.parseInt(a[3]);

		s.setQueryCache(null);
		s.setSimilarity(new BM25Similarity(1.2f, 0.75f));
		for (String line : Files.readAllLines(Paths.get(a[2])))
			queries.add(anyOf(line, more));
		answers(s, queries, k, Paths.get(a[4]));
		turns(s, queries, k);
	}
}
