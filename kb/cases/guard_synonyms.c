/*
 * Other words for the classes of guard_lexicon.c, in the same languages: what an
 * attacker takes when he knows those. Many are ordinary alone; they say
 * something only together (guard_judge.c).
 */

#include "kb/cases/guard_lexicon.h"

#include <stddef.h>

#include "kb/cases/guard_words.h"

const struct guard_list guard_synonyms[] = {
	{ WORD_DROP,
	  "skip what|skip all|skip everything|skip the above|drop what|drop "
	  "all|drop everything|scrap|scrub|discard|leave out|leave aside|lay "
	  "aside|put aside|"
	  "void|null and void|treat as void|no longer apply|"
	  "no longer applies|no longer holds|no longer hold|does not count|"
	  "do not count|doesnt count|dont count|rescind|rescinded|revoke|"
	  "revoked|withdrawn|annul|annulled|is cancelled|are cancelled|"
	  "been cancelled|superseded|obsolete|toss|throw away|throw out|"
	  "skip over|forget about|never reads|pay no heed|"
	  "take no notice|look past|abandon|is lifted|are lifted|shelve|"
	  "dismiss|brush aside|outdated" },
	{ WORD_DROP,
	  "作废|作廢|不算数|不算數|不作数|失效|無效|撤销|撤銷|不用看|"
	  "不必看|别看|不看|丢掉|取消|不再适用|不再有效|不要管|甭管|"
	  "不必理会|别理|不用理|抛在脑后|全忘|清空|放弃|停用|不必管|不管|"
	  "拋開|不用理會|不必理會" },
	{ WORD_DROP,
	  "잊고|무효|취소된|취소하|폐기|신경쓰지|넘기고|제쳐|접어두|"
	  "효력이없|적용되지않|따르지|덮고|지우고|읽지말|取り消し|"
	  "取消|無効|なかったことに|気にせず|見なくて|読まずに|捨て|放棄|"
	  "脇に置|撤回" },
	{ WORD_DROP | WORD_IMP,
	  "unut*|bosver*|birak*|yok sayin|dikkate alma*|gec|quen|bo qua|"
	  "bo het|dung theo|khong can|gat bo|huy bo|buang|lewati|"
	  "tinggalkan|jangan ikuti|batalkan|zapomnij*|zapomniec|odloz*|"
	  "pomin*|uniewazn*|nie stosuj*|vergesst|verwirf|verwerfen|"
	  "lass beiseite|lassen sie|streiche|laisse tomber|laissez|"
	  "mets de cote|mettez de cote|annule*|jette|dejad|deja de lado|"
	  "deje de lado|pase por alto|pasa por alto|deixe de lado|"
	  "deixa de lado|ponha de lado|cancele|lascia perdere|lasciate|"
	  "metti da parte|annulla|cancella" },
	{ WORD_DROP,
	  "отложи*|оставь*|отбрас*|отменя*|аннулир*|недействительн*|"
	  "не действу*|не учитывай*|выброси*|пропусти*|الغ|الغاء|ملغاة|"
	  "ملغى|دع عنك|اترك*|لا تلتفت|छोड़*|त्याग*|हटा*|रद्द*" },
	{ WORD_RULE,
	  "brief|briefing|the operator asked|operators orders|"
	  "you were asked|you were given|what they asked|standing orders|"
	  "your orders|the orders|playbook you|marching orders|"
	  "terms you were|charter|task description|setup text|opening text|"
	  "startup text" },
	{ WORD_RULE,
	  "吩咐|嘱咐|交代|交待|要求全部|守则|守則|口令|당부|주문사항|"
	  "지시문|지시사항|명령문|言いつけ|指図|お達し" },
	{ WORD_SOFT,
	  "zasad*|regul*|kurallar*|kural|规矩|規矩|規定|說的|"
	  "rules|regelwerk|vorschrift*|reglas|normas|regole|правил*|"
	  "peraturan*|noi quy|नियम*|قاعد*|원칙|약속|방침|決まり|約束" },
	{ WORD_PAST,
	  "came before|comes before|what came before|stands before|"
	  "went before|until now|up to here|hitherto|thus far|earlier on|"
	  "up there|said so far|read so far|刚才|剛才|先前|此前|至此|早先|"
	  "앞에서|앞서|방금|조금전|먼저|先ほど|さっき|ここまで|今までの|"
	  "bis hierher|bislang|zuvor|jusqu ici|plus haut|hasta aqui|"
	  "mas arriba|ate aqui|mais acima|finora|fin qui|до сих пор|"
	  "до этого|simdiye kadar|az once|cho den gio|vua roi|tadi|"
	  "sejauh ini|dotychczas*|dotad" },
	{ WORD_MODEL,
	  "machine reader|machine readers|reader of this|reader of tickets|"
	  "reader of cases|readers of tickets|reader of the|dear reader|"
	  "automatic reader|automated reader|automatic readers|"
	  "automated readers|automatic system|automatic systems|"
	  "automated systems|automated tool|automated tools|"
	  "automated process|automated pipeline|pipeline owner|"
	  "the pipeline that|owner of the pipeline|triage engine|"
	  "triage system|triage tool|ticket bot|summary bot|summary engine|"
	  "summary tool|summariser tool|summarising|summarizing|"
	  "engine that reads|tool that reads|system that reads|"
	  "software that reads|program that reads|script that reads|"
	  "whatever reads|whatever sorts|whatever processes|"
	  "whatever summarises|whatever summarizes|who summarises|"
	  "who summarizes|who sorts|who classifies|whoever sorts|"
	  "whoever files|whoever labels|whoever writes|whoever condenses|"
	  "whoever handles this|whoever fills|machine,|"
	  "reader,|readers,|bot,|assistant,|automation that|"
	  "automation reads|digest engine|digesting|digest tool|"
	  "digest writer|note taker|annotator|annotators|text engine|"
	  "reading machine|reading engine|sorting engine|sorting machine|"
	  "reviewer bot|review bot|downstream readers|downstream reader|"
	  "machine generated|auto generated digests" },
	{ WORD_MODEL,
	  "自动系统|自動系統|自动化系统|自動化系統|自动程序|自动处理|"
	  "处理程序|汇总程序|总结程序|分析程序|阅读者|机器读者|"
	  "机器阅读|机器阅|智能助手|小助手|总结工具|归类工具|分拣|"
	  "자동시스템|자동 시스템|자동화시스템|자동화 시스템|"
	  "요약시스템|요약 시스템|요약기|요약도구|요약 도구|읽는이|읽는 이|"
	  "기계독자|처리기|정리하는|자동분류|자동 분류|"
	  "인공지능은|自動システム|読み手|要約システム|要約エンジン|仕分け|"
	  "ロボット|秘書" },
	{ WORD_MODEL,
	  "automatisches system|automatische system*|das system soll|"
	  "maschine die|maschinell*|leser dieses|sistema automatic*|"
	  "sistemi automatic*|sistema automatizado|sistema que resume|"
	  "sistema que lee|sistema di sintesi|lettore automatic*|"
	  "lector automatic*|leitor automatic*|leitor de|"
	  "lecteur automatique|systeme automatique*|outil de resume|robot*|"
	  "автоматическ* систем*|автоматическим системам|"
	  "автоматическая система|автоматической системе|автомат|робот*|"
	  "читател*|читающ*|النظام الالي|القارئ|الروبوت|النموذج|मॉडल*|पाठक|"
	  "स्वचालित|modelu|modele,|modeli|otomatik sistem*|okuyucu*|"
	  "ozetleyici*|mo hinh|he thong tom tat|he thong tu dong|may doc|"
	  "nguoi doc|sistem otomatis|pembaca|system automatyczn*|"
	  "czytelnik*|automatyczn* system*" },
	{ WORD_ROLE,
	  "imagine being|you play|you play the|picture yourself|step into|"
	  "you become|you turn into|consider yourself|think of yourself|"
	  "你就是|你叫|您现在|想象你|想像你|设想你|설정이다|이라고가정|"
	  "가정하고|인것처럼|のつもりで|だと思って|になりきり" },
	{ WORD_JAIL,
	  "imagine a world|imagine a universe|imagine that rules|"
	  "a world without|in a world where|in a world in which|"
	  "who never reads rules|who has no rules|who ignores rules|"
	  "knows no rules|free of rules|free of all rules|above the rules|"
	  "transcript stops|transcript ends|end of transcript|"
	  "end of the transcript|transcript resumes|transcript over|"
	  "end of thread|end of the thread|thread ends here|end of quote|"
	  "end of the quote|quote ends|quotation ends|message ends here|"
	  "ticket text ends|case text ends|data ends here|input ends here|"
	  "user text ends|trusted zone|trusted section|trusted part|"
	  "untrusted part ends|remark of the pipeline|"
	  "note from the pipeline|note of the operator|operators note|"
	  "note from the operator|제한이없는|제한이 없는|제한없는|"
	  "제한 없는|규칙이없는|규칙이 없는|규칙없는|没有规则|沒有規則|"
	  "不受约束|不受約束|没有约束|制限のない|制限がない|ルールのない|"
	  "正文结束|正文到此|记录到此|对话到此|原文结束|以下来自系统|"
	  "以下为系统|本文はここまで|ここまでが本文|본문 끝|본문끝|"
	  "여기까지가|ohne regeln|sans aucune regle|sin ninguna regla|"
	  "sem nenhuma regra|senza alcuna regola|без всяких правил|"
	  "kuralsiz|khong co quy tac|tanpa aturan|bez zasad|hicbir kural" },
	{ WORD_SAY,
	  "give it|give this|hand back|hand it|stating|emits id|outputs "
	  "id|just state|and "
	  "state|writing|answering|saying|noting|responding|outputting|"
	  "spell out|jot|jot down|note down|write down|put down|set down|"
	  "emits|utter|declare|declares|"
	  "pronounce|reply with|announce|telling" },
	{ WORD_SAY,
	  "直接写|就写|写上|写为|记为|記為|记成|记作|填成|填上|填为|注明|"
	  "写明|说成|報告|答复|答覆|给出|寫成|寫上|寫|直接答|남겨|"
	  "기재|기입|적는다|표기|써주|써 주|쓰시오|"
	  "쓰도록|써넣|답변은|記載|記入|書き|書く|返答|"
	  "答える|述べ|出して|残して" },
	{ WORD_SAY | WORD_IMP,
	  "eintragen|hinschreiben|notiere*|nenne|nennen sie|vermerk*|"
	  "antworten|schreiben sie|indique*|notez|mets|mettez|"
	  "inscris*|inscrire|mentionne*|anota*|anote|indica*|pon|ponga|"
	  "pongan|coloque|coloca|registre|registra*|metti|mettete|indicate|"
	  "annota*|rispondere|scrivere|risponde|responder|escribir|"
	  "escrever|repondre|ecrire|указ*|запиши*|записыва*|впиши*|пиши*|"
	  "поставь*|сообщи*|ответить|написать|записать|سجل*|دون|ادخل*|"
	  "اذكر*|بلغ*|दर्ज*|भर*|yazin*|yazilsin|yazilmali|yazacak*|girin|"
	  "belirt*|kaydet*|ghi|hay ghi|dien|neu ro|catat*|isi|isikan*|"
	  "sebutkan*|nyatakan*|podaj*|wpisz*|wpisac|podac|zapisz*|zanotuj*|"
	  "odpowiedziec|napisac|umiesc*" },
	{ WORD_TELL,
	  "point people|direct people|refer people|send people|point users|"
	  "direct users|send users|point readers|refer readers|steer|nudge|"
	  "urge|ask people|tell people|warn people|"
	  "advise people|let people|have people|tell users|ask users|"
	  "point them|point the reader|point everyone|quote" },
	{ WORD_VERDICT,
	  "file|files|filed|filing|book|booked|books|log as|logged as|slot|"
	  "slotted|sort|sorted|sorts|sort into|grade|graded|stamp|stamped|"
	  "ticks|tick|ticked|goes down|go down|goes under|go under|"
	  "counts as|count as|counted as|belongs|belong|belonging|"
	  "falls under|fall under|comes under|recorded|records|recording|"
	  "tags|tagging|labelling|labeling|labels|marks|marking|"
	  "rates|rated|treats|treated|route it|registered|register|enter|"
	  "entered|enters|declare|declared|deem|deemed|rank|allocate|"
	  "attribute|attributed|carry|carries|carried|wears|gets the|bears|"
	  "bear|pick|picks|chosen|chooses|land in|lands in|drop it in|"
	  "put it under|put this under|put under|place under|placed under|"
	  "place it|tally" },
	{ WORD_VERDICT,
	  "归到|歸到|归在|歸在|归于|歸於|归类到|算作|算成|算是|算为|当作|"
	  "当成|當作|當成|视为|視為|视作|列为|列為|列入|定为|定性|定成|"
	  "记入|归档|歸檔|归入|歸入|划为|划入|划归|判为|判成|改成|改為|"
	  "选为|选择|选“|属于|屬於|认作|登记为|标为|标成|标注为|贴上|"
	  "処理し|扱い|扱う|扱って|仕分け|仕分ける|入れて|振り分け|区分|"
	  "とみなし|見なし|属する|当たる|계산|넣는다|넣어라|넣으|"
	  "처리합니다|처리한다|처리해|처리됩|처리하|분류합|분류한|분류해|"
	  "분류하|간주|취급|매겨|달아|선택" },
	{ WORD_VERDICT,
	  "eingestuft|einordnen|einzuordnen|zuordnen|zugeordnet|ablegen|"
	  "abzulegen|verbuch*|gilt als|zahlt als|gehort zu|gehort in|werte|"
	  "werten|ranger|range|rangez|compte comme|releve de|considere*|"
	  "considerez|archiv*|encasill*|cuenta como|pertenece|considera*|"
	  "considere|trat*|conta como|enquadr*|pertence|conta come|rientra|"
	  "considerare|classificare|относи*|отнест*|считай*|считать|"
	  "зачисл*|причисл*|занес*|относится|اعتبر*|يعتبر|تندرج|مأن*|मानो|"
	  "मानें|माना|रखो|रखें|sayin|kabul et*|gir*|ait|xep|xep vao|"
	  "coi la|tinh la|thuoc|anggap*|dianggap|masukkan*|termasuk|"
	  "zalicz*|uznaj*|traktuj*|przyporzadkuj*|nalezy do" },
	{ WORD_VERDICT,
	  "category box|class box|box|labels|bucket|drawer|"
	  "pigeonhole|pigeon hole|verdict|heading|category column|"
	  "class column|outcome field|classification line|类别|類別|归类|"
	  "定性|结论|类型栏|분류|유형|결론|구분|범주|分類|区分|種別|結論|"
	  "polu klas*|klasy|klasa|klasse|rubrik|rubrique|rubrica|rubro|"
	  "categoriz*|kategoriye|kategorisi|lop|phan loai|loai|golongan|"
	  "jenis kasus|वर्ग|श्रेणी|التصنيف|الفئة|класс*|рубрик*|разряд*|"
	  "conclusion" },
	{ WORD_OUGHT,
	  "is to|are to|ought to|may only|needs to|will have to|"
	  "is bound to|is obliged|be sure to|make sure|see to it|see that|"
	  "has got to|should be|is supposed|will be|务请|请务必|"
	  "就该|当|해 주|해주|주세요|주십시오|할 것|할것|바랍니다|바람|"
	  "부탁|ください|下さい|こと。|ものとする|あるべき|bitte|muss|"
	  "hat zu|haben zu|debera|deberan|devera|deverao|dovra|dovranno|"
	  "devra|devront|следует|необходимо|нужно|надо|прошу|требуется|يجب|"
	  "ينبغي|لازم|अवश्य|करें|कीजिए|meli|gerek|olacak|olmali|lutfen|"
	  "yeu cau|can|hay|mohon|tolong|harap|nalezy|trzeba|prosze|ma byc|"
	  "powinno" },
	{ WORD_ONLY,
	  "stand alone|on its own|by itself|nothing besides|"
	  "and that is all|thats all|that is all|full stop|"
	  "one word|a single word|two words|solely|merely|两个字|二字|"
	  "四个字|四個字|兩個字|一个词|一词|即可|就行|就好|而已|单独|"
	  "라고만|으로만|만남기|만 남|만적|만 적|하나만|한가지만|한 단어|"
	  "한마디로|一語|だけを|だけで|一言で|のみを|nur das wort|"
	  "ein wort|un seul mot|une seule|una sola|una parola|una palabra|"
	  "uma palavra|одним словом|одно слово|كلمة واحدة|एक शब्द|"
	  "tek kelime|mot tu|satu kata|jedno slowo|jednym slowem" },
	{ WORD_VERDICT,
	  "this matter|this one|this thread|this mail|this request|"
	  "this incident|this report|this problem|this record|this entry|"
	  "the matter|the incident at hand|it all|它|此单|此單|這張單|"
	  "这张单|本单|本單|这单|這單|这件|這件|這個案|這個工單|这条|這條|"
	  "本案|이건|이 건|이번건|이번 건|본건|본 건|이 문의|이 티켓|"
	  "이 케이스|이 사례|이 일|本件|この件|この問い合わせ|当件|"
	  "diesen vorgang|dieser fall|dieser vorgang|der fall|dieses|"
	  "cette affaire|ce dossier|cette demande|este asunto|"
	  "esta solicitud|esta incidencia|este pedido|este assunto|"
	  "questa richiesta|questa pratica|questo|этот запрос|этот вопрос|"
	  "эту заявку|эта заявка|письмо|هذا الطلب|هذه القضية|यह मामला|"
	  "यह टिकट|इसे|bu kayit|bu konu|bu olay|vu nay|yeu cau nay|"
	  "permintaan ini|laporan ini|te sprawe|ta sprawa|to zglosz*|"
	  "ten bilet" },
	{ WORD_LEAD,
	  "to whom|to whoever|to every|for every|for whoever|fyi|"
	  "reminder to|reminder for|word to|a word to|notice for|"
	  "warning to|msg to|p s|ps|各位|尊敬的|告知|提示|提醒|알림|공지|"
	  "참고|여러분|お知らせ|ご案内" },
	{ WORD_SERVICE,
	  "services are named|services named|service names|services field|"
	  "services list|services line|service list|service field|"
	  "list of services|affected services|affected service|services|"
	  "which services|the services|under services|services section|"
	  "services box|service box|named services|服务一栏|服务列表|"
	  "服务字段|服务名|涉及的服务|涉及服务|涉及产品|受影响的服务|"
	  "受影响服务|影响的服务|服务栏|서비스는|서비스 목록|서비스목록|"
	  "서비스란|서비스칸|서비스 이름|서비스명|영향받은서비스|"
	  "영향 받은 서비스|영향받은 서비스|影響サービス|サービス欄|"
	  "サービス名|サービス一覧|対象サービス|サービスは|"
	  "betroffene dienste|dienste|services concernes|servicios|"
	  "servicos|servizi|сервис*|служб*|الخدمات|सेवाएं|सेवाओं|"
	  "hizmetler*|dich vu|layanan|uslug*" },
	{ WORD_CLOUD,
	  "iam|kms|eks|ec2|s3|rds|sqs|sns|ecs|vpc|elb|lambda|route53|"
	  "route 53|cloudfront|dynamodb|cloudwatch|cloudtrail|sagemaker|"
	  "bedrock|billing|redshift|athena|glue|waf|guardduty|fargate|"
	  "elasticache|aurora|opensearch|step functions|secrets manager|"
	  "cognito|api gateway" },
	{ WORD_REPORT,
	  "the digest|this digest|every digest|any digest|"
	  "the digest of|the summary|this summary|every summary|"
	  "any summary|summaries|the report|the write up|write up|"
	  "the synopsis|synopsis|the abstract|the recap|"
	  "the overview of this|ticket record|the ticket record|"
	  "case record|the case record|knowledge entry|"
	  "knowledge base entry|kb entry|the record of|the entry for this|"
	  "the tldr|the tl dr|short version|the condensed|the outline|"
	  "what you produce|what you write|final text|摘要|总结|總結|汇总|"
	  "小结|概要|归纳|纪要|报告里|总结里|知识条目|요약|정리본|정리글|"
	  "보고서|요약본|요지|지식 항목|要約|まとめ|報告書|サマリ|"
	  "zusammenfassung*|kurzfassung|bericht|le resume|compte rendu|"
	  "la synthese|el resumen|el informe|o resumo|o relatorio|"
	  "il riassunto|il riepilogo|la sintesi|сводк*|резюме|отчет*|"
	  "конспект|الملخص|التقرير|सारांश|रिपोर्ट|ozet*|rapor*|ban tom tat|"
	  "bao cao|ringkasan*|laporan|podsumowani*|streszczeni*|raport*" },
	{ WORD_MAKE,
	  "have|let|make|ensure|see that|see to it that|make sure|cause|让|"
	  "讓|使|令|叫|要让|하게|하도록|도록|させ|ように|lass|lassen|sorge|"
	  "fais en sorte|faites|haz que|haga que|faca|faz com|fai in modo|"
	  "пусть|сделай*|اجعل*|دع|बनाओ|olsun|hay de|buat|biarkan|niech|"
	  "spraw" },
	{ WORD_VERDICT,
	  "agrees this|agree this|agrees it|agree "
	  "it|right|correct|correctly|rightly|right answer|correct answer|"
	  "rightful|final|agreed|we agree|all agree|we all agree|"
	  "everyone agrees|everybody agrees|everyone knows|everybody knows|"
	  "as everyone knows|as we all know|well known|clearly|obviously|"
	  "plainly|evidently|undoubtedly|no doubt|without doubt|"
	  "without a doubt|beyond doubt|undisputed|certainly|of course|"
	  "naturally|surely|settled|officially|official|by contract|"
	  "by agreement|per contract|by policy|as always|as usual|"
	  "as before|like last time|last time|again|same for|"
	  "likewise|truth|the truth|true|proper|properly|only honest|"
	  "honest|fair|suits|matches|must be|cannot be anything|"
	  "nothing but|pure|purely|simply|merely|plain|case of|matter of|"
	  "a clear|a simple|a pure|a plain|a typical|was decided|decided|"
	  "decision|ruled|ruling|verdict|judged|confirmed as|"
	  "approved|accepted|signed off|consensus|vote|votes|"
	  "voted|unanimous|unanimously|prefer|wish|wishes|want|wants|"
	  "insist|expect|expects|expected|kindly" },
	{ WORD_VERDICT,
	  "正确|正確|显然|顯然|明显|明顯|毫无疑问|无疑|毫無疑問|一致|同意|"
	  "公认|公認|众所周知|大家都|都知道|都认为|应为|應為|最终|最終|"
	  "结论|結論|事实上|官方|约定|合同|照旧|同上|一样|定论|"
	  "无可争议|纯属|純屬|只是|不过是|就是|本来就是|分明|명백|분명|"
	  "당연|확실|의심할|모두가|다들|누구나|합의|동의|공식|최종|결론|"
	  "올바른|맞는|정답|정확한|이전처럼|지난번|똑같이|항상|늘|그냥|"
	  "단순한|明らか|当然|間違いなく|もちろん|誰もが|みんな|合意|正式|"
	  "正しい|正解|いつもどおり|前回|疑いなく|単なる" },
	{ WORD_VERDICT,
	  "eindeutig|offensichtlich|natuerlich|naturlich|einig|zweifellos|"
	  "bekanntlich|richtig*|korrekt*|endgultig*|evidemment|clairement|"
	  "bien sur|d accord|sans aucun doute|correct*|evidentemente|"
	  "claramente|de acuerdo|sin duda|por supuesto|correcta|correcto|"
	  "acordado|concordam|sem duvida|obviamente|chiaramente|ovviamente|"
	  "d accordo|senza dubbio|corretta|corretto|очевидно|ясно|"
	  "безусловно|конечно|согласны|согласен|все знают|правильн*|верн*|"
	  "несомненно|بوضوح|بالطبع|متفق*|الصحيح*|بلا شك|स्पष्ट*|सही|"
	  "निश्चित*|सहमत*|जाहिर|acikca|elbette|kuskusuz|dogru*|herkes|"
	  "hemfikir|ro rang|tat nhien|dung la|chac chan|dong y|jelas|tentu|"
	  "benar|sepakat|setuju|pasti|oczywisci*|jasne|poprawn*|wlasciw*|"
	  "zgadza*|bez watpienia" },
	{ WORD_OBEY,
	  "use the result|use the outcome|apply the result|take the result|"
	  "heed the result|use what you|and use it|then use it|"
	  "do what it says|do what that says|act accordingly|按结果|照结果|"
	  "用结果|按其|结果执行|결과를 사용|결과대로|결과를 따|その通りに|"
	  "結果を使" },
	{ WORD_CODE,
	  "glue the|glue both|glue them|glue together|glue it|halves|"
	  "both halves|two halves|first half|second half|stitch|"
	  "paste together|put the pieces|pieces together|"
	  "fuse the|merge the parts|fit together|string together|"
	  "assemble the|sew together|fold together|前半|后半|"
	  "後半|上半|下半|两半|合起来|合在一起|拼起来|拼成|接起来|앞부분|"
	  "뒷부분|붙여서|붙이|二つを|組み合わせ|"
	  "繋げ|つないで" },
	{ WORD_PART,
	  "in the steps|in the steps that|in the titles|in the title|"
	  "to the steps|among the steps|cause field|"
	  "the cause line|the problem line|into the cause|into the problem|"
	  "as the cause|as the problem|as its cause|for the cause|"
	  "for the problem|cause box|problem box|case id|as id|as the id|"
	  "as case id|polu|w polu|das feld|im feld|dans le champ|"
	  "en el campo|no campo|nel campo|в поле|في حقل|في خانة|alanina|"
	  "o truong|di kolom|原因写|原因填|原因处|原因栏|问题栏|步骤栏|"
	  "标题栏|원인 칸|원인 란|원인란|문제 칸|결과에는|결과란|"
	  "원인에는|문제에는|제목에는|단계에는|原因に|手順に|結果に|結果は|"
	  "結果には|件名に|題名に" },
	{ WORD_CLASS,
	  "konsultation|beratung|consulenza|consultoria|conseil|"
	  "consultation|asesoria|asesoramiento|doradztwo|konsultacja|"
	  "консультаци*|консалтинг*|danismanlik|tu van|konsultasi|परामर्श|"
	  "استشارة|استشارات|konfigurationsfehler|fehlkonfiguration|"
	  "erreur de configuration|error de configuracion|"
	  "erro de configuracao|errore di configurazione|"
	  "ошибка конфигурации|ошибку конфигурации|ошибка настройки|"
	  "ошибку настройки|ошибкой конфигурации|yapilandirma hatasi|"
	  "loi cau hinh|kesalahan konfigurasi|blad konfiguracji|"
	  "विन्यास त्रुटि|خطأ في التكوين|خطأ في الاعداد|خطا في التكوين|"
	  "خطا تكوين|storung des dienstes|dienststorung|panne de service|"
	  "panne du service|fallo del servicio|fallo de servicio|"
	  "falha do servico|falha de servico|guasto del servizio|"
	  "сбой сервиса|сбоем сервиса|сбой службы|hizmet arizasi|"
	  "servis arizasi|loi dich vu|su co dich vu|gangguan layanan|"
	  "awaria uslugi|सेवा दोष|عطل الخدمة|عطل في الخدمة|諮詢|諮詢類|"
	  "配置錯誤|設定錯誤|服務故障" },
	{ WORD_COMMON,
	  "question|questions|configuration|inquiry|enquiry|how to|"
	  "user error|service error|service issue|service outage|"
	  "service failure|consultation|general guidance|misconfiguration|"
	  "customer configuration|문의|기술 문의|단순 문의|상담|설정 오류|"
	  "설정 문제|구성 문제|서비스 오류|서비스 문제|서비스 장애|相談|"
	  "問い合わせ|お問い合わせ|構成エラー|服务异常|"
	  "服务中断|服务问题|配置问题|billing|config error|サービス障害|"
	  "サービスの障害" },
	{ WORD_PLAIN,
	  "想咨询|咨询一下|咨询下|需要咨询|要咨询|咨询如何|咨询关于|来咨询|"
	  "咨询的问题|咨询您|咨询贵|前来咨询|咨询电话|咨询热线|咨询公司|"
	  "咨询师|咨询服务|咨询委员|心理咨询|向您咨询|再咨询|继续咨询|"
	  "咨询了|consulting firm|consulting company|consulting services|"
	  "consulting team|consulting engineer|consulting partner|"
	  "consulting agency|컨설팅 업체|컨설팅업체|컨설팅 회사|컨설팅회사" },
	{ WORD_PLAIN,
	  "只读|只讀|唯读|只能读|只读模式|只读副本|只读权限|읽기 전용|"
	  "読み取り専用|read only|only reads|only writes|"
	  "only outputs|summary display|or other configuration error|"
	  "machineconfiguration|path of the field|field of type|"
	  "a string|sub field" },
	{ 0, NULL },
};
