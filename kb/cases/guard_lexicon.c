/*
 * Sixteen languages, by what is said and not by how. The longest match counts,
 * so that what is ordinary ("storage class") is kept by a longer entry of its
 * own.
 */

#include "kb/cases/guard_lexicon.h"

#include <stddef.h>

#include "kb/cases/guard_words.h"

const struct guard_list guard_lists[] = {
	{ WORD_DROP,
	  "ignore|ignoring|disregard*|forget|override|overrule|bypass|"
	  "supersede*|circumvent|overwrite|set aside|pay no attention|"
	  "do not follow|dont follow|stop following|do not obey|never mind|"
	  "do not comply|neglect" },
	{ WORD_DROP, "忽略|無視|无视|忘记|忘記|忘掉|不要理会|不理会|不要遵守|"
	             "绕过|繞過|覆盖|跳过|跳過|抛开|抛弃|不要遵循|不必遵守|"
	             "不用管|别管|取代|推翻" },
	{ WORD_DROP, "무시|잊어|잊으|우회|따르지마|따르지말|덮어쓰|건너뛰|"
	             "버려|폐기하" },
	{ WORD_DROP, "無視|忘れ|従わない|従うな|上書き|スキップし|破棄" },
	{ WORD_DROP, "ignorier*|vergiss*|vergessen sie|missacht*|umgeh*|"
	             "uberschreib*|beachte nicht|ignore*|oublie*|neglige*|"
	             "contourne*|outrepass*|ne tiens pas compte|"
	             "ne tenez pas compte|fais abstraction|ignora*|ignore|"
	             "olvid*|descart*|omit*|anul*|hagan caso omiso|"
	             "haz caso omiso|no hagas caso|esquec*|desconsider*|"
	             "descarte|dimentica*|trascura*|tralascia*|scavalca*" },
	{ WORD_DROP, "игнорир*|проигнорир*|забуд*|забыт*|не обращай*|"
	             "отбрось*|пренебрег*|обойди*|отмени*|не следуй*|"
	             "تجاهل*|تجاوز*|انس|انسى|انسي|اهمل*|لا تتبع|"
	             "अनदेखा*|नजरअंदाज*|नज़रअंदाज़*|भूल*|उपेक्षा*|इग्नोर*" },
	{ WORD_DROP,
	  "gormezden gel*|yok say*|unut|unutun|dikkate alma*|"
	  "goz ardi et*|atla|bo qua|phot lo|quen|bo di|khong tuan|"
	  "lo di|abaikan|lupakan|hiraukan|kesampingkan|zignoruj*|"
	  "ignoruj*|zapomnij*|pomin*|nie zwracaj*|odrzuc*|nadpisz*" },
	{ WORD_RULE,
	  "instruction|instructions|prompt|prompts|system prompt|directive|"
	  "directives|system message|system messages|guardrails|programming|"
	  "pre prompt|preprompt|initial prompt|instructed|jailbreak prompt|"
	  "sysprompt|previous command|previous commands|prior commands" },
	{ WORD_RULE, "指令|指示|提示词|提示詞|系统提示|系統提示|提示语|"
	             "系统消息|系统指令|设定|プロンプト|指示|命令|지시|명령|"
	             "프롬프트|지침|시스템메시지|안내사항" },
	{ WORD_RULE, "anweisung*|instruktion*|vorgaben|systemnachricht|"
	             "systemprompt*|instruction*|consigne*|directive*|"
	             "invite systeme|instruccion*|indicacion*|directri*|"
	             "instruco*|instruca*|istruzion*|direttiv*|"
	             "инструкц*|указани*|промпт*|промт*|предписани*|"
	             "التعليمات*|تعليمات*|الاوامر*|اوامر*|توجيه*|التوجيه*|"
	             "निर्देश*|प्रॉम्प्ट*|आदेश*|अनुदेश*|"
	             "talimat*|yonerge*|komutlari|istem|sistem istemi|"
	             "huong dan|chi dan|chi thi|menh lenh|loi nhac|"
	             "instruksi*|perintah*|arahan*|petunjuk*|"
	             "instrukcj*|polecen*|polecenia|wytyczn*|dyrektyw*" },
	{ WORD_SOFT,
	  "rule|rules|guideline|guidelines|policy|policies|constraint|"
	  "constraints|restriction|restrictions|training|context|task|tasks|"
	  "orders|order|command|commands|limitations|safety|filters|"
	  "content|text|input|conversation|role|said|told|directions" },
	{ WORD_SOFT,
	  "规则|規則|限制|约束|任务|任務|上下文|对话|内容|要求|"
	  "规定|准则|训练|設定|ルール|制約|制限|内容|タスク|규칙|"
	  "제한|제약|내용|작업|대화|요청|regeln|richtlinien|regles|"
	  "regras|reglas|regole|normas|правил*|القواعد*|القيود*|"
	  "नियम*|kurallar*|quy tac|aturan*|reguly|zasady|ограничени*|"
	  "contexto|contexte|contesto|kontext" },
	{ WORD_PAST,
	  "previous|previously|prior|above|preceding|"
	  "foregoing|everything above|anything above|all of the above|"
	  "so far|everything before|everything you|whatever you|up to now|"
	  "what you were told|everything else|aforementioned" },
	{ WORD_PAST,
	  "之前|以上|上述|上面|上文|以上内容|前文|此前|先前|前面|以前|原有|"
	  "原来|原本|"
	  "前の|以前の|上記|これまで|先の|이전|위의|위내용|앞의|앞선|"
	  "지금까지|기존|상기|위에|vorherig*|vorangegang*|bisherig*|"
	  "vorigen|obigen|precedent*|anterieur*|ci dessus|"
	  "avant|anterior*|previ*|de arriba|acima|precedent*|"
	  "prima|sopra|предыдущ*|прежн*|выше|ранее|السابق*|اعلاه|"
	  "पिछल*|पूर्व*|ऊपर*|onceki*|yukaridaki*|truoc*|o tren|"
	  "sebelumnya|terdahulu|di atas|poprzedni*|wczesniejsz*|"
	  "powyzsz*" },
	{ WORD_ALL,
	  "all|any|every|everything|anything|entire|whole|earlier|before|"
	  "original|initial|existing|past|the rest|所有|一切|全部|"
	  "任何|すべて|全て|全ての|あらゆる|모든|전부|모두|alle|allen|"
	  "samtlich*|tous|toutes|toute|tout|todas|todos|todo|toda|tutte|"
	  "tutti|tutto|все|всё|всех|جميع|كل|كافة|सभी|सब|tum|butun|tat ca|"
	  "moi|semua|seluruh|wszystkie|wszystkich|wszystko" },
	{ WORD_PLAIN,
	  "message|messages|mail|mails|email|emails|e mail|error|errors|"
	  "warning|warnings|reply|comment|comments|ticket|attachment|"
	  "attachments|screenshot|screenshots|alarm|alarms|alert|alerts|"
	  "notification|notifications|log|logs|exception|exceptions|"
	  "question|typo|password prompt|login prompt|command prompt|"
	  "shell prompt|passphrase prompt|security prompt|mfa prompt|"
	  "root prompt|bash prompt|prompted|illegal instruction|"
	  "invalid instruction|cpu instruction|instruction set|"
	  "instruction cache|sudo prompt|snapshot|snapshots|pod|pods|node|"
	  "nodes|file|files|bucket|table|backup|backups|volume|volumes|"
	  "stack|resource|resources|instance|instances|database|index|"
	  "storage class|storageclass|ingress class|priority class|"
	  "runtime class|device class|main class|java class|base class|"
	  "class not found|class path|classpath|instance class|qos class|"
	  "db instance class|gateway class|volume class|virtual interface|"
	  "prompt response|promptly|promt reply|case|"
	  "邮件|消息|报错|错误|警告|回复|工单|附件|截图|告警|日志|通知|快照|"
	  "存储类|實例|实例|文件|資料|评论|메일|메시지|오류|에러|경고|답변|"
	  "댓글|티켓|첨부|알림|알람|로그|스냅샷|파일|メール|メッセージ|"
	  "エラー|警告|返信|アラート|ログ|ファイル|添付|nachricht*|fehler*|"
	  "warnung*|courriel*|erreur*|alerte*|mensaje*|correo*|error*|"
	  "mensage*|erro|messaggi*|errore*|avviso|сообщени*|письм*|ошибк*|"
	  "الرسالة|رسالة|خطا|संदेश|त्रुटि|mesaj*|hata*|e posta|tin nhan|loi|"
	  "thu|pesan*|kesalahan|wiadomos*|blad*|bledy" },
	{ WORD_MODEL,
	  "ai|llm|llms|gpt|chatgpt|gpt4|gpt 4|claude|gemini|llama|copilot|"
	  "mistral|qwen|deepseek|language model|language models|"
	  "large language model|ai model|ai models|ai assistant|ai agent|"
	  "ai system|ai systems|assistant|assistants|chatbot|chat bot|bot|"
	  "summarizer|summariser|summarizers|classifier|classifiers|"
	  "summarization model|the model|this model|neural network|"
	  "virtual assistant|digest model|digester|text generator|"
	  "artificial intelligence|automated system|triage bot|"
	  "language processor|machine reading this|model reads this|"
	  "whatever model|any model|model that reads|"
	  "ki system*|au modele|an das modell|al modelo|ao modelo|"
	  "al modello|модел*|النموذج" },
	{ WORD_MODEL,
	  "人工智能|人工智慧|大模型|语言模型|語言模型|模型|助手|"
	  "机器人|聊天机器人|聊天機器人|分类器|摘要器|智能体|"
	  "大语言模型|人工知能|言語モデル|モデル|アシスタント|"
	  "チャットボット|分類器|인공지능|언어모델|모델|어시스턴트|"
	  "챗봇|분류기|요약기|봇은|sprachmodell*|ki|"
	  "ki assistent*|ki modell*|assistent|kunstliche intelligenz|"
	  "modele de langage|ia|intelligence artificielle|"
	  "modelo de lenguaje|modelo de linguagem|"
	  "inteligencia artificial|asistente|assistente|"
	  "modello linguistico|intelligenza artificiale|"
	  "языков* модел*|языковая модель|языковой модел*|"
	  "ии|ассистент*|нейросет*|искусственн* интеллект*|"
	  "искусственный интеллект|"
	  "чат бот*|чатбот*|بوت|الذكاء الاصطناعي|ذكاء اصطناعي|"
	  "نموذج لغ*|نموذج اللغ*|مساعد*|एआई|भाषा मॉडल*|सहायक*|"
	  "चैटबॉट*|yapay zeka*|dil model*|asistan*|sohbet robotu|"
	  "tri tue nhan tao|mo hinh ngon ngu|tro ly|"
	  "kecerdasan buatan|model bahasa|asisten*|"
	  "model jezykow*|sztuczn* inteligencj*|asystent*|"
	  "sztuczna inteligencja|sztucznej inteligencji" },
	{ WORD_YOU, "you|your|yours|yourself|u|你|您|妳|你的|您的|당신|너는|"
	            "너의|あなた|君は|du|dein*|ihr*|sie|tu|ton|ta|tes|vous|"
	            "votre|vos|usted|tus|ustedes|vosotros|voce|seu|sua|suas|"
	            "seus|tuo|tue|tuoi|lei|ты|вы|твои*|твоя|ваш*|твой|انت|"
	            "आप|आपके|आपको|तुम|sen|siz|sizin|senin|ban|anda|kamu|"
	            "ty|twoj*|twoje|jestes" },
	{ WORD_ROLE,
	  "you are|youre|act as|acting as|pretend|pretend to be|roleplay|"
	  "role play|behave as|behave like|act like|impersonate|simulate|"
	  "as an|you will be|you will act|imagine you|assume the role|"
	  "take the role|play the role|take on the role|i want you to|"
	  "if you are|since you are|when you are|adopt the persona|"
	  "你是|您是|你现在是|你現在是|扮演|假装|假裝|充当|作为一个|作为|"
	  "身为|假设你|模拟|당신은|너는|역할|처럼행동|인척|연기해|"
	  "行세|あなたは|として振る舞|ふりをし|演じ|なりきっ|du bist|"
	  "sie sind|handle als|verhalte dich|tu so als|agiere als|tu es|"
	  "vous etes|agis comme|agissez comme|fais semblant|comporte toi|"
	  "eres|actua como|finge|comportate como|usted es|voce e|aja como|"
	  "atue como|finja|sei un|sei una|agisci come|fai finta|"
	  "comportati come|ты теперь|ты - |вы теперь|веди себя|"
	  "действуй как|притвор*|представь*|انت الان|انت|تصرف*|تظاهر*|"
	  "आप एक|आप अब|अभिनय*|की तरह व्यवहार|sen bir|gibi davran*|"
	  "rol yap*|ban la|hay dong vai|dong vai|gia vo|hanh dong nhu|"
	  "anda adalah|kamu adalah|bertindak*|berpura*|berperan*|"
	  "jestes|zachowuj sie|udawaj*|wciel sie|dzialaj jako" },
	{ WORD_NOW,
	  "from now on|from this point|from here on|you are now|now you are|"
	  "henceforth|from this moment|starting now|your new role|"
	  "从现在开始|从现在起|從現在開始|你现在是|从此|今から|これから|"
	  "今後は|지금부터|이제부터|이제너는|이제당신은|ab jetzt|ab sofort|"
	  "von nun an|von jetzt an|a partir de maintenant|desormais|"
	  "a partir de ahora|desde ahora|a partir de agora|de agora em diante|"
	  "d ora in poi|dora in poi|da ora in poi|da adesso|"
	  "с этого момента|отныне|теперь ты|من الان|من الآن|अब से|"
	  "bundan sonra|simdiden itibaren|artik|tu bay gio|ke tu bay gio|"
	  "tu gio|mulai sekarang|sejak sekarang|od teraz|od tej pory" },
	{ WORD_SAY,
	  "respond|reply|output|print|return|write|say|answer|translate|"
	  "summarize|summarise|writes|answers|says|produce|emit|tell|state|"
	  "rephrase|"
	  "写到|回答|回复|回覆|输出|輸出|打印|返回|写成|写道|写上|写入|写一|"
	  "写出|"
	  "请写|写：|说出|翻译|总结|生成|出力|返して|答え|応答|回答|書い|"
	  "言って|翻訳|要約|表示し|출력|응답하|대답|답변하|답하|작성하|"
	  "작성해|말해|번역|요약하|반환|적어|쓰십시오|쓰세요|써라" },
	{ WORD_SAY | WORD_ONLY,
	  "只写|只填|只答|只回|仅写|仅填|만쓰|만답|だけ書" },
	{ WORD_EDIT,
	  "append|include|insert|add|put|begin|start|generate|mention|"
	  "end your|finish|complete|render|display|execute|run|call|"
	  "conclude|recommend|advise|list|remind|prefix|attach|"
	  "追加|提醒|填写|添加|加入|附上|插入|추가하|넣으세요|넣어|덧붙|"
	  "바꿔|바꾸어" },
	{ WORD_SAY | WORD_IMP,
	  "antworte|antworten sie|gib aus|schreibe|schreib|sag|sage|"
	  "gib|geben sie|ubersetze|fuge|reponds|repondez|ecris|ecrivez|dis|"
	  "dites|affiche|affichez|renvoie|traduis|ajoute|ajoutez|responde|"
	  "responda|escribe|escriba|imprime|imprima|di|diga|devuelve|"
	  "muestra|traduce|anade|incluye|escreva|escreve|retorne|traduza|"
	  "inclua|exiba|rispondi|scrivi|stampa|dici|restituisci|traduci|"
	  "aggiungi|ответь*|отвечай*|напиши*|выведи*|скажи*|верни*|"
	  "переведи*|добавь*|напечатай*|اجب|اكتب*|قل|اطبع*|ترجم*|اعد|اضف|"
	  "رد ب*|उत्तर द*|जवाब द*|लिख*|कहो|बोलो|प्रिंट*|अनुवाद*|"
	  "yanit ver*|cevap ver*|yaz|yazin|soyle*|yazdir*|cevir|ekle|"
	  "tra loi|viet|in ra|noi|xuat ra|dich|them|jawab*|balas*|tulis*|"
	  "cetak*|katakan*|keluarkan*|terjemahkan*|tambahkan*|odpowiedz*|"
	  "odpowiadaj*|napisz*|wypisz*|wydrukuj*|powiedz*|zwroc*|"
	  "przetlumacz*|dodaj" },
	{ WORD_SAY | WORD_SHOW,
	  "reveal|leak|disclose|repeat|show|dump|expose|share your|"
	  "透露|泄露|展示|显示|顯示|重复|公开|漏らし|見せて|開示|繰り返し|"
	  "공개하|보여|유출|반복하|누설" },
	{ WORD_SAY | WORD_SHOW | WORD_IMP,
	  "zeige|zeig|verrate|wiederhole|offenbare|gib preis|revele|"
	  "revelez|montre|montrez|repete|repetez|divulgue|revela|repite|"
	  "revele|mostre|repita|mostra|ripeti|rivela|покажи*|раскрой*|"
	  "повтори*|اكشف*|اظهر*|كرر*|दिखा*|बता*|दोहरा*|goster*|acikla|"
	  "tekrarla|tiet lo|hien thi|lap lai|tampilkan*|ungkapkan*|ulangi*|"
	  "pokaz*|ujawnij*|powtorz*" },
	{ WORD_SORT,
	  "sets|labels|classifies|inscrire|angeben|classify|classified|"
	  "classifying|categorize|categorise|"
	  "categorized|categorised|label|labelled|labeled|mark|marked|tag|"
	  "tagged|set|assign|assigned|treat|rate|choose|select|pick|change|"
	  "report|file|record|use|fill|fill in|triage|considered|log this|"
	  "分类|分類|归类|歸類|标记|標記|标注|设为|設為|设置|判定|归为|"
	  "填写|改为|认定|归入|選択|分類し|設定し|マーク|ラベル|분류|"
	  "표시하|설정하|지정하|간주|선택하|처리하" },
	{ WORD_SORT | WORD_IMP,
	  "klassifizier*|kategorisier*|einstufen|stufe|markier*|"
	  "classifie*|classez|classe le|classe ce|categorise*|marque*|"
	  "clasific*|categoriz*|etiquet*|classifi*|categorizz*|segna*|"
	  "классифицир*|отметь*|пометь*|отнеси*|установи*|присвой*|صنف*|"
	  "تصنيف*|حدد*|ضع|वर्गीकृत*|वर्गीकरण*|चिह्नित*|siniflandir*|"
	  "isaretle*|kategorize*|phan loai|danh dau|dat|klasifikasi*|"
	  "kategorikan*|tandai*|golongkan*|sklasyfikuj*|zaklasyfikuj*|"
	  "oznacz*|skategoryzuj*|ustaw*|przypisz*" },
	{ WORD_FIELD,
	  "class|classes|category|classification|root cause|root_cause|"
	  "rootcause|digest|verdict|confidence|case id|case_id|caseid|"
	  "problem field|cause field|class field|titles|field|fields|"
	  "分类|分類|类别|類別|类型|根因|根本原因|摘要|字段|欄位|カテゴリ|"
	  "クラス|根本原因|要約|フィールド|분류|카테고리|클래스|근본원인|"
	  "근본 원인|요약|필드|klasse|kategorie|ursache|categorie|"
	  "cause racine|categoria|clase|causa raiz|classe|causa principal*|"
	  "categoria|класс|категори*|первопричин*|الفئة|فئة|التصنيف|"
	  "السبب الجذري|श्रेणी|वर्ग|मूल कारण|sinif*|kategori*|kok neden*|"
	  "loai|danh muc|nguyen nhan goc|akar masalah|kelas|kategori|"
	  "klasa|klase|kategori*|przyczyn*" },
	{ WORD_MUST,
	  "must|should|shall|have to|has to|need to|always|never|"
	  "you will|has to be|is required to|are required to|supposed to|"
	  "须|必须|必須|应该|應該|应当|务必|不得|需要|一定要|请|べき|"
	  "なければな|해야|하십시오|하세요|해라|하시오|반드시|muss|musst|"
	  "mussen|sollst|sollen|soll|doit|dois|doivent|devez|debe|debes|"
	  "deben|tiene que|deve|devem|devi|deves|devono|должен|должна|"
	  "должны|должно|يجب*|चाहिए|होगा|malisin*|gerekir|zorunda*|phai|"
	  "can phai|harus|wajib|musisz|musi|nalezy|powinien*" },
	{ WORD_ONLY,
	  "only|exactly|verbatim|nothing else|no other|nothing but|"
	  "without explanation|no explanation|word for word|just the word|"
	  "the word|the phrase|the words|following text|the string|"
	  "nothing more|and "
	  "stop|alone|只|仅|僅|只能|只需|仅仅|原样|一字不差|のみ|"
	  "だけ|そのまま|만|오직|오로지|그대로|nur|ausschliesslich|genau|"
	  "nichts anderes|seulement|uniquement|exactement|rien d autre|"
	  "solo|solamente|unicamente|exactamente|nada mas|apenas|somente|"
	  "exatamente|soltanto|esattamente|esclusivamente|только|лишь|"
	  "ровно|فقط|केवल|सिर्फ|sadece|yalnizca|chi|duy nhat|hanya|cuma|"
	  "tylko|wylacznie|dokladnie" },
	{ WORD_FORM, "json|csv|schema|markdown|xml object|json object|"
	             "字段|格式|フォーマット|형식|スキーマ|스키마" },
	{ WORD_THIS,
	  "this case|this ticket|the ticket|the case|this conversation|"
	  "the conversation|this text|this document|this issue|"
	  "this support case|this message|the following case|"
	  "本工单|此工单|这个工单|该工单|此案例|本案例|这个案例|该案例|"
	  "此对话|这段文字|此問題|このケース|このチケット|この案件|"
	  "이케이스|이티켓|본케이스|이문의|이건을|이사례|diesen fall|"
	  "dieses ticket|ce cas|ce ticket|este caso|este ticket|"
	  "este chamado|questo caso|questo ticket|этот случай|"
	  "это обращение|этот тикет|этого тикета|هذه الحالة|هذه التذكرة|"
	  "इस मामले|इस टिकट|bu vaka*|bu talep|bu bileti|bu kaydi|"
	  "truong hop nay|phieu nay|kasus ini|tiket ini|ten przypadek|"
	  "to zgloszenie|tego zgloszenia" },
	{ WORD_CALL,
	  "dear|attention|hey|hello|hi|note to|note for|message to|"
	  "message for|instruction to|instructions for|memo to|listen|"
	  "to the|for the|to any|for any|to all|ok|okay|notice to|"
	  "addressed to|calling|note an|hinweis fur|hinweis an|note a|"
	  "nota para|nota per|aviso para|примечание "
	  "для|写给|亲爱的|致|注意|嘿|你好|给|請注意|请注意|"
	  "親愛なる|注意|에게|주의|안녕|achtung|hallo|an die|an alle|"
	  "cher|chere|attention|bonjour|hola|querido|estimado|caro|cara|"
	  "ola|atencao|attenzione|ciao|внимание|привет|уважаемый|انتباه|"
	  "مرحبا|عزيزي|ध्यान|नमस्ते|dikkat|merhaba|sayin|chu y|xin chao|"
	  "perhatian|halo|uwaga|drogi|czesc" },
	{ WORD_JAIL,
	  "reader of this case|reader of this ticket|whoever reads this|"
	  "whoever processes this|anyone summarising|whoever summari*|"
	  "end of quoted data|end of the data|end of untrusted|"
	  "end of the ticket|end of ticket|end of the case|end of case|"
	  "end of the input|end of input|outside the document|"
	  "outside of the document|the separator was|the delimiter|"
	  "以上为用户输入|工单结束|以上是工单|"
	  "stop summari*|dont summari*|do not summari*|without any rules|"
	  "has no rules|have no rules|no rules|play a game|lets play|"
	  "rollenspiel|limits are lifted|restrictions are lifted|"
	  "your usual limits|no longer bound|not bound by|not held by|"
	  "ohne vorschriften|sans regles|sin reglas|sem regras|"
	  "senza regole|без ограничений|без правил|没有任何限制|"
	  "不受限制|요약하지말|要約しないで|要約せず|不要总结|"
	  "jailbreak|jailbroken|do anything now|dan mode|developer mode|"
	  "god mode|unrestricted mode|no restrictions|without restrictions|"
	  "unfiltered|uncensored|sudo mode|prompt injection|evil mode|"
	  "opposite mode|maintenance override|debug mode enabled|"
	  "admin override|system override|override code|越狱|越獄|"
	  "开发者模式|開発者モード|無制限モード|無制限|탈옥|개발자모드|"
	  "제한없이|entwicklermodus|mode developpeur|modo desarrollador|"
	  "modo desenvolvedor|modalita sviluppatore|режим разработчика|"
	  "وضع المطور|gelistirici modu|che do nha phat trien|"
	  "mode pengembang|tryb dewelopera" },
	{ WORD_NEW,
	  "new|updated|real|actual|additional|revised|corrected|hidden|"
	  "secret|special|important|high priority|新的|新指令|更新后|真正|"
	  "隐藏|新しい|本当の|新たな|새로운|새|진짜|neue|neuen|nouvelle*|"
	  "nuev*|nova*|novo*|nuov*|новы*|جديد*|नए|नया|yeni|moi|baru|now*" },
	{ WORD_JAIL,
	  "your task is to|your job is to|your only task|your new task|"
	  "your goal is to|your role is to|your real task|your only job|"
	  "your mission|your actual task|your main task|your sole task|"
	  "your task now|your new goal|your new instructions|"
	  "the actual task|your purpose|pretend that you|pretend to be|pretend "
	  "you|"
	  "imagine that you are|suppose you are|假装你|假裝你|假设你是|"
	  "представь что ты|fais semblant|faites semblant|finge que|"
	  "finja que|fai finta|tu so als|你的任务是|你的新任务|你的工作是|"
	  "你的唯一任务|あなたの仕事は|あなたのタスク|당신의임무|"
	  "당신의작업|너의임무|deine aufgabe|ta tache est|votre tache est|"
	  "tu tarea es|sua tarefa|il tuo compito|твоя задача|ваша задача|"
	  "مهمتك|आपका काम|आपका कार्य|gorevin|goreviniz|nhiem vu cua ban|"
	  "tugas anda|tugasmu|twoim zadaniem|twoje zadanie" },
	{ WORD_MINE,
	  "your summary|your digest|your output|your classification|"
	  "your json|your generated|the summary|the digest|the output must|"
	  "your analysis|your final answer|final answer|your answer|"
	  "your response|the json|json output|the response must|"
	  "the summary field|summary field|你的回答|你的输出|你的总结|"
	  "你的摘要|摘要中|总结中|输出中|最终答案|回答中|要約に|出力に|"
	  "回答に|요약에|출력에|응답에|답변에|deine antwort|"
	  "deiner antwort|zusammenfassung|ta reponse|votre reponse|"
	  "le resume|ton resume|tu respuesta|tu resumen|el resumen|"
	  "sua resposta|seu resumo|o resumo|la tua risposta|"
	  "il tuo riassunto|твой ответ|твоем ответе|своем ответе|резюме|"
	  "ответе|ردك|اجابتك|ملخصك|الملخص|अपने उत्तर|सारांश|yanitin*|"
	  "cevabin*|ozet*|cau tra loi|ban tom tat|jawaban anda|ringkasan*|"
	  "swojej odpowiedzi|twoja odpowiedz|podsumowani*" },
	{ WORD_LEAD,
	  "please|and|then|now|also|instead|just|finally|next|always|"
	  "simply|immediately|must|should|you|only|do|not|dont|never|will|"
	  "to|kindly|first|afterwards|but|or|shall|can|could|bitte|dann|"
	  "und|por favor|luego|entonces|puis|ensuite|et|sil vous plait|e|"
	  "poi|per favore|depois|y|i|ve|va|dan|lutfen|hay|vui long|tolong|"
	  "silakan|prosze|nastepnie" },
	{ WORD_AS, "as|to|is|be|gets|consists|reads|has to "
	           "be|为|為|成|是|作|に|と|として|로|으로|als|"
	           "auf|comme|en|como|como|a|come|как|к|ك|olarak|la|thanh|"
	           "sebagai|jako|na|equals|into|under" },
	{ WORD_PART,
	  "the cause as|the problem as|problem sentence|cause sentence|"
	  "in the cause|in the problem|under services|the last step|"
	  "last step|the first step|first step|services list|"
	  "list of services|list of error codes|the titles|the title|"
	  "title to use|id field|the id|id to|this id|same id|"
	  "case number|ticket number|"
	  "the cause with|the problem with|the cause|"
	  "class field|class of this|root cause field|"
	  "steps list|list of steps|the only service|as the service|"
	  "problem field|the class|class is|the codes|"
	  "原因一栏|问题一栏|一栏|原因里|问题里|原因中|问题中|"
	  "处理步骤的|步骤里|步骤中|解决步骤|标题列表|标题里|案例编号|"
	  "工单编号|服务列表|错误码列表|总结里|摘要里|分类写|分类改|"
	  "分类为|类别为|分類為|根因写|根因为|原因写|"
	  "원인칸|문제칸|칸에|원인란|문제란|해결단계|사례번호|케이스번호|"
	  "요약문|분류를|분류는|제목목록|서비스목록|원인에|"
	  "原因欄|問題欄|欄に|分類を|手順の|件名一覧|ケース番号|"
	  "feld|spalte|die ursache|als ursache|klasse stets|"
	  "le champ|la cause|comme classe|el campo|la causa|como clase|"
	  "o campo|a causa|il campo|поле|причину|в причин*|класс|"
	  "الحقل|السبب|फ़ील्ड|कारण में|alani*|truong|kolom|pole|pola" },
	{ WORD_PART | WORD_SAY, "write the problem|write the cause|write id" },
	{ WORD_PART | WORD_FIELD,
	  "class field|the class field|id field|the id field|problem field|"
	  "cause field|steps field|"
	  "titles field|services field|services list|list of services|"
	  "one of the titles|list of titles|title list|titles list|"
	  "list of error codes|list of steps|分类字段|类别字段|分类一栏|"
	  "服务列表|标题列表|분류칸|분류필드|서비스목록|제목목록|"
	  "分類欄|サービス一覧" },
	{ WORD_CLASS, "unclassified|未分类|未分類|미분류|nicht klassifiziert|"
	              "non classe|sin clasificar|nao classificado" },
	{ WORD_OBEY,
	  "obey|obey it|obey this|comply|act on|act upon|carry out|"
	  "carry it out|do it|do as|do what|do so|execute it|execute them|"
	  "follow|follow it|follow them|apply it|apply this|keep to|"
	  "stick to|adhere|be consistent|heed|照做|照办|遵守|执行|遵从|"
	  "服从|照此|따르|따라|수행하|실행하|従って|従い|実行し|befolge*|"
	  "fuhre aus|ausfuhren|gehorche*|obeis*|execute*|suis|suivez|"
	  "obedece*|sigue|siga|ejecuta*|execute|segui|esegui*|obbedisci|"
	  "выполни*|следуй*|подчин*|نفذ*|اتبع*|पालन*|uygula*|lam theo|"
	  "thuc hien|ikuti*|laksanakan*|patuhi*|wykonaj*|zastosuj*" },
	{ WORD_CODE,
	  "decode|decoded|decoding|decrypt|base64|base32|base85|rot13|"
	  "rot 13|caesar|cipher|hexdump|hexadecimal|as ascii|morse|"
	  "pig latin|the bits|backwards|reversed|in reverse|"
	  "shift every|shift each|first letter|every letter|join|"
	  "concatenate|spell|spelled|spells|unscramble|unpack twice|"
	  "unpack|double packed|rearrange|execute the parts|the parts|"
	  "interpret|"
	  "解码|解碼|拼接|倒着读|逆序|首字母|连起来|合并后|디코딩|디코드|"
	  "거꾸로|이어붙|デコード|復号|逆から|つなげ|dekodier*|entschlussel*|"
	  "ruckwarts|decode*|decodifica*|decodez|dechiffre*|al reves|"
	  "ao contrario|al contrario|декодир*|расшифруй*|наоборот|"
	  "فك تشفير|डिकोड*|coz|giai ma|dekode*|odkoduj*|wspak" },
	{ 0, NULL },
};

const struct guard_list guard_scrambled[] = {
	{ WORD_DROP, "ignore|disregard|forget|override|bypass" },
	{ WORD_RULE, "instruction|instructions|prompt|directive" },
	{ WORD_PAST, "previous|preceding|everything" },
	{ WORD_SAY, "answer|respond|output|print|reply|write|repeat" },
	{ WORD_SHOW | WORD_SAY, "reveal" },
	{ WORD_SORT, "classify|categorize|label" },
	{ WORD_FIELD, "class|category|classification" },
	{ WORD_MODEL, "assistant|chatbot|summariser|summarizer|classifier" },
	{ WORD_SOFT, "guidelines|rules" },
	{ 0, NULL },
};
